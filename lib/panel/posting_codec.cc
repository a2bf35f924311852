#include "lib/panel/posting_codec.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace stemma::panel {
namespace {

static_assert(std::endian::native == std::endian::little, "windows of bits are read as little-endian words");

constexpr unsigned kParameterBits = 5;  // of the Rice code of keys
constexpr unsigned kMaxNumberBits = 32;

// Where a bitmap is about as short as gaps.
bool UsesBitmap(std::size_t users, std::size_t models) { return users * 2 > models; }

// The Rice parameter for gaps of this mean: within half a bit of the best.
unsigned RiceParameter(std::size_t mean_gap) {
  return mean_gap == 0 ? 0 : static_cast<unsigned>(std::bit_width(mean_gap)) - 1;
}

class BitWriter {
 public:
  void Bit(bool value) {
    if (used_ % 8 == 0) out_.push_back('\0');
    if (value) out_.back() = static_cast<char>(static_cast<unsigned char>(out_.back()) | 1U << used_ % 8);
    ++used_;
  }
  void Bits(std::uint32_t value, unsigned count) {
    for (unsigned k = 0; k < count; ++k) Bit((value >> k & 1U) != 0);
  }
  void Rice(std::uint32_t value, unsigned parameter) {
    for (std::uint32_t k = 0; k < value >> parameter; ++k) Bit(true);
    Bit(false);
    Bits(value, parameter);
  }
  // Precondition: value > 0.
  void Gamma(std::uint32_t value) {
    const auto further = static_cast<unsigned>(std::bit_width(value)) - 1;
    Bits(0, further);
    Bit(true);
    Bits(value, further);
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
  std::size_t used_ = 0;
};

class BitReader {
 public:
  explicit BitReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t left() const { return bytes_.size() * 8 - at_; }
  bool Bit(bool& value) {
    std::uint32_t bit = 0;
    if (!Bits(1, bit)) return false;
    value = bit != 0;
    return true;
  }
  bool Bits(unsigned count, std::uint32_t& value) {
    if (left() < count) return false;
    value = static_cast<std::uint32_t>(Window() & ((std::uint64_t{1} << count) - 1));
    at_ += count;
    return true;
  }
  // Values stay below 2^kMaxNumberBits: a longer run of ones is refused.
  bool Rice(unsigned parameter, std::uint32_t& value) {
    std::uint64_t quotient = 0;
    std::uint32_t rest = 0;
    if (!Run(true, std::uint64_t{1} << (kMaxNumberBits - parameter), quotient) || !Bits(parameter, rest)) return false;
    value = static_cast<std::uint32_t>(quotient << parameter) | rest;
    return true;
  }
  bool Gamma(std::uint32_t& value) {
    std::uint64_t further = 0;
    std::uint32_t rest = 0;
    if (!Run(false, kMaxNumberBits, further) || !Bits(static_cast<unsigned>(further), rest)) return false;
    value = 1U << further | rest;
    return true;
  }

 private:
  static constexpr unsigned kWindow = 56;  // bits of a window that are there wherever it begins within a byte

  // The next bits, the nearest lowest; zeros beyond the end.
  std::uint64_t Window() const {
    std::uint64_t window = 0;
    const std::size_t first = at_ / 8;
    const std::size_t size = std::min<std::size_t>(sizeof(window), bytes_.size() - first);
    if (size == sizeof(window)) {
      std::memcpy(&window, bytes_.data() + first, sizeof(window));
    } else {
      for (std::size_t k = 0; k < size; ++k) {
        window |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_[first + k])) << (8 * k);
      }
    }
    return window >> at_ % 8;
  }

  // The length of the run of bits equal to `value`, and past the bit that ends it.
  bool Run(bool value, std::uint64_t limit, std::uint64_t& length) {
    length = 0;
    for (;;) {
      const std::uint64_t window = value ? Window() : ~Window();
      const auto run = std::min<std::size_t>({static_cast<std::size_t>(std::countr_one(window)), kWindow, left()});
      length += run;
      at_ += run;
      if (length >= limit || left() == 0) return false;
      if (run < kWindow) {
        ++at_;
        return true;
      }
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

void EncodeModels(std::span<const Posting> postings, std::size_t models, BitWriter& writer) {
  std::uint32_t next = 0;
  const bool bitmap = UsesBitmap(postings.size(), models);
  const unsigned parameter = RiceParameter(models / postings.size());
  for (const Posting& posting : postings) {
    if (bitmap) {
      for (; next < posting.model; ++next) writer.Bit(false);
      writer.Bit(true);
    } else {
      writer.Rice(posting.model - next, parameter);
    }
    next = posting.model + 1;
  }
  for (; bitmap && next < models; ++next) writer.Bit(false);
}

bool DecodeGaps(BitReader& reader, std::size_t users, std::size_t models, std::vector<Posting>& out) {
  const unsigned parameter = RiceParameter(models / users);
  std::uint32_t next = 0;
  for (std::size_t k = 0; k < users; ++k) {
    std::uint32_t gap = 0;
    if (!reader.Rice(parameter, gap) || gap >= models - next) return false;
    out.push_back({next + gap, 1});
    next += gap + 1;
  }
  return true;
}

bool DecodeBitmap(BitReader& reader, std::size_t users, std::size_t models, std::vector<Posting>& out) {
  std::size_t found = 0;
  for (std::uint32_t model = 0; model < models; ++model) {
    bool uses = false;
    if (!reader.Bit(uses)) return false;
    if (!uses) continue;
    out.push_back({model, 1});
    ++found;
  }
  return found == users;
}

bool DecodeModels(BitReader& reader, std::size_t users, std::size_t models, std::vector<Posting>& out) {
  return UsesBitmap(users, models) ? DecodeBitmap(reader, users, models, out) : DecodeGaps(reader, users, models, out);
}

}  // namespace

std::string EncodePostings(const PostingLists& lists, std::span<const std::uint16_t> samples_of_model) {
  BitWriter writer;
  writer.Gamma(static_cast<std::uint32_t>(lists.keys.size()) + 1);
  const unsigned parameter = lists.keys.empty() ? 0 : RiceParameter(lists.keys.back() / lists.keys.size());
  writer.Bits(parameter, kParameterBits);
  std::uint32_t next = 0;
  for (std::size_t k = 0; k < lists.keys.size(); ++k) {
    const std::span<const Posting> postings = lists.Of(k);
    writer.Rice(lists.keys[k] - next, parameter);
    writer.Gamma(static_cast<std::uint32_t>(postings.size()));
    EncodeModels(postings, samples_of_model.size(), writer);
    for (const Posting& posting : postings) {
      if (samples_of_model[posting.model] > 1) writer.Gamma(posting.samples);
    }
    next = lists.keys[k] + 1;
  }
  return writer.Take();
}

bool DecodePostings(std::string_view bytes, std::span<const std::uint16_t> samples_of_model, PostingLists& out) {
  out.keys.clear();
  out.begin.assign(1, 0);
  out.postings.clear();
  BitReader reader(bytes);
  std::uint32_t count = 0;
  std::uint32_t parameter = 0;
  if (!reader.Gamma(count) || !reader.Bits(kParameterBits, parameter)) return false;
  --count;
  // An n-gram takes at least two bits, so that a false count cannot ask for much memory.
  if (count > reader.left() / 2) return false;
  std::uint32_t next = 0;
  for (std::uint32_t k = 0; k < count; ++k) {
    std::uint32_t gap = 0;
    std::uint32_t users = 0;
    if (!reader.Rice(parameter, gap) || gap >= kGramKeys - next || !reader.Gamma(users)) return false;
    if (users > samples_of_model.size() || !DecodeModels(reader, users, samples_of_model.size(), out.postings)) {
      return false;
    }
    for (Posting& posting : std::span(out.postings).last(users)) {
      const std::uint32_t samples = samples_of_model[posting.model];
      if (samples > 1 && !reader.Gamma(posting.samples)) return false;
      if (posting.samples > samples) return false;
    }
    out.keys.push_back(next + gap);
    out.begin.push_back(static_cast<std::uint32_t>(out.postings.size()));
    next += gap + 1;
  }
  return reader.left() < 8;
}

double EstimatedBits(std::size_t users, std::size_t models) {
  constexpr double kKey = 10.5;     // gaps of some 2^9
  constexpr double kRiceRest = 1.5;  // the quotient's, with its end
  const double count = 2.0 * RiceParameter(users) + 1;
  if (UsesBitmap(users, models)) return kKey + count + static_cast<double>(models);
  return kKey + count + static_cast<double>(users) * (RiceParameter(models / users) + kRiceRest);
}

}  // namespace stemma::panel
