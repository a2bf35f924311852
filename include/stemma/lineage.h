// Who is related to whom, as far as it is documented: decides which models can serve as innocent examples.
//
// Two models are related if they share an organisation, a family or an ancestor of any documented kind, or if one's
// ancestry holds a model of the other's organisation. What nobody documented cannot be seen here.
// A model without a name has no relatives but those that its metadata state.
// Complexity: a relation takes about a microsecond.
#ifndef STEMMA_LINEAGE_H_
#define STEMMA_LINEAGE_H_

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stemma/metadata.h"

namespace stemma {

// What the second of two models is to the first, the nearest kind first.
enum class Kinship {
  kSame,
  kSource,        // the first is documented to derive from it
  kDerivative,    // it is documented to derive from the first
  kFamily,        // another version of the same family
  kOrganisation,  // another model of the same organisation
  kSharedBase,    // both were made from the same base weights
  kSibling,       // both derive from the same teacher, data or other source
  kRelative,      // one's ancestry holds a model of the other's organisation
  kUnrelated,
};

std::string_view NameOf(Kinship kinship);

class Lineage {
 public:
  explicit Lineage(std::span<const ModelMetadata> models);

  Kinship Between(std::size_t a, std::size_t b) const;
  bool Related(std::size_t a, std::size_t b) const { return Between(a, b) != Kinship::kUnrelated; }
  // The same of all pairs of models, row by row.
  std::vector<bool> RelatedPairs() const;
  // Something of the model's making is documented, and nothing of it is documented as undisclosed.
  bool Known(std::size_t model) const { return nodes_[model].known; }
  // Base weights in the model's ancestry, as documented.
  const std::set<std::string>& Bases(std::size_t model) const { return nodes_[model].bases; }

 private:
  struct Node {
    std::string name;
    std::string organisation;
    std::string family;
    std::set<std::string> sources;        // direct ones, names of models in the collection among them
    std::set<std::string> ancestors;      // with the model itself
    std::set<std::string> organisations;  // of ancestors in the collection
    std::set<std::string> bases;
    bool known = false;
  };

  static bool Share(const std::set<std::string>& a, const std::set<std::string>& b);

  std::vector<Node> nodes_;
};

}  // namespace stemma

#endif  // STEMMA_LINEAGE_H_
