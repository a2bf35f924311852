// What only a person can state of an audit. Blank until somebody fills it in; never derived, and never compared.
#ifndef STEMMA_STATEMENTS_H_
#define STEMMA_STATEMENTS_H_

#include <string>

namespace stemma {

struct Statements {
  std::string authorisation = {};      // by whose leave the responses were collected and audited
  std::string collection = {};         // how: when, with which settings, through which endpoint
  std::string endpoint_identity = {};  // what shows that the endpoint served the named model
  std::string reviewer = {};           // who read the report before it was used
};

}  // namespace stemma

#endif  // STEMMA_STATEMENTS_H_
