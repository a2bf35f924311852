// stemma._core: the library as the package stemma sees it. The package's own functions are what users call.
#include <nanobind/nanobind.h>

#include "python/src/errors.h"
#include "python/src/handles.h"
#include "python/src/interruptible.h"
#include "python/src/text_table.h"

NB_MODULE(_core, module) {
  module.doc() = "What the package stemma is built on. Its own functions are those to call.";
  stemma::python::RegisterErrors();
  stemma::python::WaitAtExit();
  stemma::python::BindTextTable(module);
  stemma::python::BindResponses(module);
  stemma::python::BindSignature(module);
  stemma::python::BindPanel(module);
  stemma::python::BindAudit(module);
  stemma::python::BindScore(module);
  stemma::python::BindEvaluate(module);
  stemma::python::BindCalibration(module);
  stemma::python::BindEmbedder(module);
  stemma::python::BindEmbeddingSignature(module);
  stemma::python::BindSame(module);
  stemma::python::BindMixture(module);
}
