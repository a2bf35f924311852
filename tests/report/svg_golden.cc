// Writes the golden figures into a folder: svg_golden tests/report/golden. Run it after a change that is meant to be
// seen, look at what it wrote, and commit that with the change.
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/report/svg_samples.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: svg_golden FOLDER\n");
    return 2;
  }
  for (const stemma::svg::Sample& sample : stemma::svg::Samples()) {
    const std::string path = std::string(argv[1]) + "/" + sample.name + ".svg";
    std::ofstream out(path, std::ios::binary);
    out << sample.figure.svg;
    out.close();
    if (!out) {
      std::fprintf(stderr, "cannot write %s\n", path.c_str());
      return 3;
    }
  }
  return 0;
}
