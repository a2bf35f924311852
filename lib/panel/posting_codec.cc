#include "lib/panel/posting_codec.h"

#include <cmath>
#include <utility>

namespace stemma::panel {
namespace {

constexpr unsigned kPayloadBits = 3;
constexpr std::uint32_t kPayload = (1U << kPayloadBits) - 1;
constexpr std::uint32_t kMore = 1U << kPayloadBits;
constexpr unsigned kMaxShift = 30;  // ten half-bytes hold 30 bits, more than any key, model or count needs

// Where a bitmap is shorter than gaps.
bool UsesBitmap(std::size_t users, std::size_t models) { return users * 4 > models; }

class NibbleWriter {
 public:
  void Nibble(std::uint32_t value) {
    if (half_) {
      out_.back() = static_cast<char>(static_cast<unsigned char>(out_.back()) | value << 4);
    } else {
      out_.push_back(static_cast<char>(value));
    }
    half_ = !half_;
  }
  void Number(std::uint32_t value) {
    for (; value > kPayload; value >>= kPayloadBits) Nibble((value & kPayload) | kMore);
    Nibble(value);
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
  bool half_ = false;
};

class NibbleReader {
 public:
  explicit NibbleReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t left() const { return bytes_.size() * 2 - at_; }
  bool Nibble(std::uint32_t& value) {
    if (left() == 0) return false;
    value = (static_cast<unsigned char>(bytes_[at_ / 2]) >> (at_ % 2 * 4)) & 0xFU;
    ++at_;
    return true;
  }
  bool Number(std::uint32_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < kMaxShift; shift += kPayloadBits) {
      std::uint32_t nibble = 0;
      if (!Nibble(nibble)) return false;
      value |= (nibble & kPayload) << shift;
      if ((nibble & kMore) == 0) return true;
    }
    return false;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

void EncodeModels(std::span<const Posting> postings, std::size_t models, NibbleWriter& writer) {
  if (!UsesBitmap(postings.size(), models)) {
    std::uint32_t next = 0;
    for (const Posting& posting : postings) {
      writer.Number(posting.model - next);
      next = posting.model + 1;
    }
    return;
  }
  std::size_t at = 0;
  for (std::size_t first = 0; first < models; first += 4) {
    std::uint32_t bits = 0;
    for (; at < postings.size() && postings[at].model < first + 4; ++at) bits |= 1U << (postings[at].model - first);
    writer.Nibble(bits);
  }
}

bool DecodeModels(NibbleReader& reader, std::size_t users, std::size_t models, std::vector<Posting>& out) {
  if (!UsesBitmap(users, models)) {
    std::uint32_t next = 0;
    for (std::size_t k = 0; k < users; ++k) {
      std::uint32_t gap = 0;
      if (!reader.Number(gap) || gap >= models - next) return false;
      out.push_back({next + gap, 1});
      next += gap + 1;
    }
    return true;
  }
  std::size_t found = 0;
  for (std::uint32_t first = 0; first < models; first += 4) {
    std::uint32_t bits = 0;
    if (!reader.Nibble(bits)) return false;
    for (std::uint32_t k = 0; k < 4; ++k) {
      if ((bits >> k & 1U) == 0) continue;
      if (first + k >= models) return false;
      out.push_back({first + k, 1});
      ++found;
    }
  }
  return found == users;
}

}  // namespace

std::string EncodePostings(const PostingLists& lists, std::span<const std::uint16_t> samples_of_model) {
  NibbleWriter writer;
  writer.Number(static_cast<std::uint32_t>(lists.keys.size()));
  std::uint32_t previous = 0;
  for (std::size_t k = 0; k < lists.keys.size(); ++k) {
    const std::span<const Posting> postings = lists.Of(k);
    writer.Number(lists.keys[k] - previous);
    writer.Number(static_cast<std::uint32_t>(postings.size()));
    EncodeModels(postings, samples_of_model.size(), writer);
    for (const Posting& posting : postings) {
      if (samples_of_model[posting.model] > 1) writer.Number(posting.samples);
    }
    previous = lists.keys[k];
  }
  return writer.Take();
}

bool DecodePostings(std::string_view bytes, std::span<const std::uint16_t> samples_of_model, PostingLists& out) {
  out.keys.clear();
  out.begin.assign(1, 0);
  out.postings.clear();
  NibbleReader reader(bytes);
  std::uint32_t count = 0;
  // An n-gram takes at least two half-bytes, so that a false count cannot ask for much memory.
  if (!reader.Number(count) || count > reader.left() / 2) return false;
  std::uint32_t key = 0;
  for (std::uint32_t k = 0; k < count; ++k) {
    std::uint32_t gap = 0;
    std::uint32_t users = 0;
    if (!reader.Number(gap) || !reader.Number(users)) return false;
    if (users == 0 || users > samples_of_model.size() || (gap == 0 && k > 0)) return false;
    key += gap;  // a gap has at most 30 bits and a key 24: no overflow
    if (key >= kGramKeys) return false;
    if (!DecodeModels(reader, users, samples_of_model.size(), out.postings)) return false;
    for (Posting& posting : std::span(out.postings).last(users)) {
      const std::uint32_t samples = samples_of_model[posting.model];
      if (samples > 1 && !reader.Number(posting.samples)) return false;
      if (posting.samples == 0 || posting.samples > samples) return false;
    }
    out.keys.push_back(key);
    out.begin.push_back(static_cast<std::uint32_t>(out.postings.size()));
  }
  return reader.left() <= 1;
}

double EstimatedNibbles(std::size_t users, std::size_t models) {
  constexpr double kKeyAndCount = 5;  // gaps of some 2^11, counts mostly below 8
  const auto n = static_cast<double>(users);
  if (UsesBitmap(users, models)) return kKeyAndCount + static_cast<double>(models) / 4;
  // Gaps are nearly geometric: each further half-byte is needed with the probability that a gap exceeds 8, 64, ...
  const double gap = static_cast<double>(models) / n;
  return kKeyAndCount + n * (1 + std::exp(-8 / gap) + std::exp(-64 / gap));
}

}  // namespace stemma::panel
