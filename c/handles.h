// What the opaque handles of stemma/c.h are.
#ifndef STEMMA_C_HANDLES_H_
#define STEMMA_C_HANDLES_H_

#include "stemma/c.h"
#include "stemma/panel.h"
#include "stemma/response_set.h"
#include "stemma/signature.h"
#include "stemma/vocabulary.h"

struct stemma_vocabulary {
  stemma::Vocabulary value;
};

struct stemma_panel {
  stemma::Panel value;
};

struct stemma_signature {
  stemma::Signature value;
  // What it was signed from: an audit tells what was left out. Empty where it was read as a signature.
  stemma::ResponseSet responses;
};

#endif  // STEMMA_C_HANDLES_H_
