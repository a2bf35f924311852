// Signs stored responses: sign VOCABULARY RESPONSES SIGNATURE writes what an audit needs, without a word of them.
#include "stemma/sign.h"

#include <iostream>
#include <string>

namespace {

absl::Status Run(const char* vocabulary_path, const std::string& responses_path, const char* signature_path) {
  const auto vocabulary = stemma::Vocabulary::Read(vocabulary_path);
  if (!vocabulary.ok()) return vocabulary.status();
  stemma::SignOptions options;
  options.read.name_by_file = true;  // one model a file
  const auto inputs = stemma::SignResponses({&responses_path, 1}, *vocabulary, options);
  if (!inputs.ok()) return inputs.status();
  const stemma::Signature& signature = inputs->signatures.front();
  std::cout << signature.metadata().model << ": " << signature.responses() << " responses to "
            << signature.rows().size() << " prompts\n";
  return signature.Write(signature_path);
}

}  // namespace

int main(int argc, char** argv) {
  const absl::Status status = argc == 4 ? Run(argv[1], argv[2], argv[3])
                                        : absl::InvalidArgumentError("usage: sign VOCABULARY RESPONSES SIGNATURE");
  if (!status.ok()) std::cerr << status.message() << '\n';
  return status.ok() ? 0 : 1;
}
