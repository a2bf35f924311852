// From values to places in a drawing, and the round values that an axis names.
#ifndef STEMMA_LIB_REPORT_SVG_SCALE_H_
#define STEMMA_LIB_REPORT_SVG_SCALE_H_

#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace stemma::svg {

// A stretch of values, empty until something finite is added.
struct Extent {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  bool empty() const { return low > high; }
  double length() const { return high - low; }
  bool Holds(double value) const { return low <= value && value <= high; }
  void Add(double value) {
    if (!std::isfinite(value)) return;
    low = std::fmin(low, value);
    high = std::fmax(high, value);
  }
};

// A straight line through both ends. What lies beyond the domain, infinities included, comes at its border, and NaN
// at its low end: a caller that must tell these apart asks `domain`.
class Scale {
 public:
  // `from` and `to`: places of the domain's low and high end; `to` may be the smaller.
  Scale(Extent domain, double from, double to) : domain_(domain), from_(from), to_(to) {}

  const Extent& domain() const { return domain_; }

  double operator()(double value) const {
    if (!(value > domain_.low)) return from_;
    if (value >= domain_.high) return to_;
    // Halved, so that no difference of large values overflows.
    const double share = (value / 2 - domain_.low / 2) / (domain_.high / 2 - domain_.low / 2);
    return from_ + share * (to_ - from_);
  }

 private:
  Extent domain_;
  double from_;
  double to_;
};

struct Tick {
  double value = 0;
  std::string label = {};
};

struct Axis {
  Extent extent = {};
  std::vector<Tick> ticks = {};  // within the extent, ascending
  std::string title = {};
};

// From a round value to a round value, so that all of `extent` is on it; ticks at about `steps` steps of 1, 2 or 5
// times a power of ten, at most two more. An empty extent becomes 0 to 1, a single value the middle of something.
Axis LinearAxis(Extent extent, int steps, std::string title);

// Whole powers of ten, from 0.1 to 10 at least; what lies beyond 10^±12 is drawn at the border.
// Shape: the extent is of log10 values, and so are the ticks' values; their labels are the likelihood ratios, or odds.
Axis PowersOfTenAxis(Extent extent_log10, int steps, std::string title);

}  // namespace stemma::svg

#endif  // STEMMA_LIB_REPORT_SVG_SCALE_H_
