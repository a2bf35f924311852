#include "stemma/exculpation.h"

namespace stemma {

std::string_view NameOf(FeatureGroup group) {
  switch (group) {
    case FeatureGroup::kNgrams:
      return "n-grams";
    case FeatureGroup::kStyle:
      return "style";
    case FeatureGroup::kLengthMatchedStyle:
      return "style at equal lengths";
  }
  return "unknown";
}

}  // namespace stemma
