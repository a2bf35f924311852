#include "stemma/self_identification.h"

#include <cstddef>
#include <set>
#include <utility>

#include "lib/text/claim_reader.h"
#include "lib/text/maker_names.h"
#include "lib/text/scan.h"
#include "lib/text/unicode.h"

namespace stemma {

using text::ClaimVoice;

class SelfIdentificationFinder::Impl {
 public:
  explicit Impl(std::vector<Maker> makers) : makers_(std::move(makers)), names_(makers_) {}

  std::vector<std::string_view> Find(std::string_view answer, std::string_view prompt, std::string_view system) {
    std::set<std::size_t> claimed = Claims(answer, ClaimVoice::kOwn);
    if (claimed.empty()) return {};  // as nearly always
    for (const std::string_view told : {prompt, system}) {
      for (const std::size_t maker : Claims(told, ClaimVoice::kTold)) claimed.erase(maker);
    }
    std::vector<std::string_view> found;
    for (const std::size_t maker : claimed) found.push_back(makers_[maker].name);
    return found;
  }

 private:
  std::set<std::size_t> Claims(std::string_view text, ClaimVoice voice) {
    text::Fold(text, folded_);
    tokens_.clear();
    text::Scan(folded_, tokens_);
    if (!names_.OccurIn(tokens_)) return {};
    return text::ClaimReader(names_, voice).Read(tokens_);
  }

  std::vector<Maker> makers_;
  text::MakerNames names_;
  std::string folded_;
  std::vector<Token> tokens_;
};

SelfIdentificationFinder::SelfIdentificationFinder(std::vector<Maker> makers)
    : impl_(std::make_unique<Impl>(std::move(makers))) {}
SelfIdentificationFinder::~SelfIdentificationFinder() = default;
SelfIdentificationFinder::SelfIdentificationFinder(SelfIdentificationFinder&&) noexcept = default;
SelfIdentificationFinder& SelfIdentificationFinder::operator=(SelfIdentificationFinder&&) noexcept = default;

std::vector<std::string_view> SelfIdentificationFinder::Find(std::string_view answer, std::string_view prompt,
                                                             std::string_view system) {
  return impl_->Find(answer, prompt, system);
}

}  // namespace stemma
