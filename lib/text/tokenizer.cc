#include "stemma/tokenizer.h"

#include "lib/text/brands.h"
#include "lib/text/scan.h"
#include "lib/text/unicode.h"

namespace stemma {

struct Tokenizer::Brands {
  text::BrandMasker masker;
};

Tokenizer::Tokenizer(std::span<const std::string> brands)
    : brands_(std::make_unique<const Brands>(Brands{text::BrandMasker(brands)})) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

void Tokenizer::Tokenize(std::string_view text, TokenStream& out) const {
  out.tokens_.clear();
  text::Fold(text, out.folded_);
  text::Scan(out.folded_, out.tokens_);
  brands_->masker.Mask(out.tokens_);
}

}  // namespace stemma
