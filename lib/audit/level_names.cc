#include <string_view>

#include "stemma/level_test.h"

namespace stemma {

std::string_view NameOf(LevelScore score) {
  switch (score) {
    case LevelScore::kWeights:
      return "weights";
    case LevelScore::kDistillation:
      return "distillation";
    case LevelScore::kLengthControl:
      return "length_control";
  }
  return "";
}

std::string_view NameOf(LevelDesign design) { return design == LevelDesign::kHalves ? "halves" : "strangers"; }

std::string_view NameOf(LevelQuestion question) { return question == LevelQuestion::kNamed ? "named" : "screening"; }

std::string_view NameOf(LevelStratum stratum) {
  switch (stratum) {
    case LevelStratum::kAll:
      return "all";
    case LevelStratum::kShortAnswers:
      return "short_answers";
    case LevelStratum::kMiddlingAnswers:
      return "middling_answers";
    case LevelStratum::kLongAnswers:
      return "long_answers";
    case LevelStratum::kEarlyRelease:
      return "early_release";
    case LevelStratum::kMiddlingRelease:
      return "middling_release";
    case LevelStratum::kLateRelease:
      return "late_release";
  }
  return "";
}

std::string_view NameOf(LevelVerdict verdict) {
  switch (verdict) {
    case LevelVerdict::kInside:
      return "inside";
    case LevelVerdict::kAbove:
      return "above";
    case LevelVerdict::kBelow:
      return "below";
    case LevelVerdict::kUntested:
      return "untested";
  }
  return "";
}

}  // namespace stemma
