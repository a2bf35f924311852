// What each row of a user's vectors is of: model, prompt and sample, from columns beside it.
//
// Columns: `model`, of text, unless one name stands for all; `prompt` (its text), `prompt_id` or `prompt_key` (32 hexadecimal
// digits); `sample`, integers. Where no sample is stated, a model's rows of one prompt are counted.
// Errors: kInvalidArgument for other columns, columns of another length or kind, and a row that lacks what is needed.
#ifndef STEMMA_PYTHON_VECTOR_IDS_H_
#define STEMMA_PYTHON_VECTOR_IDS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "python/src/column.h"
#include "stemma/hash.h"

namespace stemma::python {

struct VectorId {
  std::string model;
  Hash128 prompt;
  std::uint32_t sample = 0;
};

using IdColumns = std::map<std::string, std::shared_ptr<const Column>>;

// `name`: the model of every row, over what the column says; empty: as it says.
absl::StatusOr<std::vector<VectorId>> ToVectorIds(const IdColumns& columns, const std::string& name, std::size_t rows);

}  // namespace stemma::python

#endif  // STEMMA_PYTHON_VECTOR_IDS_H_
