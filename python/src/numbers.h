// Rows of numbers that become NumPy's without a copy.
#ifndef STEMMA_PYTHON_NUMBERS_H_
#define STEMMA_PYTHON_NUMBERS_H_

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace stemma::python {

template <typename T>
using Rows = nanobind::ndarray<nanobind::numpy, T, nanobind::ndim<2>, nanobind::c_contig>;

// `values`: row by row, `columns` of them each; at least one.
template <typename T>
Rows<T> ToRows(std::vector<T> values, std::size_t columns) {
  auto held = std::make_unique<std::vector<T>>(std::move(values));
  T* const data = held->data();
  const std::size_t rows = held->size() / columns;
  const nanobind::capsule owner(held.get(), [](void* kept) noexcept { delete static_cast<std::vector<T>*>(kept); });
  held.release();
  return Rows<T>(data, {rows, columns}, owner);
}

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_NUMBERS_H_
