#include "stemma/style_fit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/base/byte_io.h"
#include "lib/base/random.h"
#include "lib/base/sectioned_file.h"
#include "tests/panel/made_style.h"

namespace stemma {
namespace {

constexpr std::size_t kWords = 30;
constexpr std::size_t kOpenings = 20;
constexpr std::size_t kFeatures = kWords + kOpenings;
constexpr std::size_t kBlocks = 23;
constexpr double kHabit = 0.8;     // spread of log-odds between bases
constexpr double kRestyled = 1.3;  // and of what tuning sets anew

Vocabulary Vocabulary50() { return MadeVocabulary("filler", NumberedStyleFeatures(kWords, kOpenings)); }

struct PlantedOptions {
  std::size_t groups = 12;
  std::size_t prompts = 115;  // five a block
  bool fine_tunes = true;
  std::uint64_t seed = 1;
};

struct Planted {
  std::vector<Signature> signatures;  // of each group a base, and three fine-tunes by other groups
  std::vector<std::size_t> parent;    // by signature; its own index for a base
};

double Normal(base::Random& random) {
  double sum = -6;  // Irwin and Hall: of variance 1
  for (int k = 0; k < 12; ++k) sum += random.Uniform();
  return sum;
}

Hash128 PromptKey(std::size_t prompt) { return {Mix64(prompt), prompt}; }  // block: prompt mod 23

// Of each 25 features, the first ten are habits that a base hands down; the next five vary from block to block of
// prompts, and the last ten are set anew by whoever tunes a model: what shouts and says nothing of descent.
Signature PlantedModel(base::Random& random, const std::vector<double>& habits, double restyled, std::size_t prompts,
                       const ModelMetadata& metadata, const Vocabulary& vocabulary) {
  std::vector<std::vector<double>> topics(kBlocks, std::vector<double>(kFeatures, 0));
  for (auto& of_block : topics) {
    for (std::size_t f = 0; f < kFeatures; ++f) of_block[f] = f % 25 >= 10 && f % 25 < 15 ? 2.5 * Normal(random) : 0;
  }
  SignatureBuilder builder(vocabulary);
  for (std::size_t p = 0; p < prompts; ++p) {
    AnswerFeatures answer;
    answer.prompt = PromptKey(p);
    answer.digest.text_hash = random.Next64();
    answer.tokens = 60;
    answer.grams = {1, 2};
    for (std::size_t f = 0; f < kFeatures; ++f) {
      const double log_odds = habits[f] + topics[p % kBlocks][f] + (f % 25 >= 15 ? restyled : 0);
      if (random.Uniform() < 1 / (1 + std::exp(-log_odds))) answer.style.push_back(static_cast<std::uint16_t>(f));
    }
    EXPECT_TRUE(builder.Add(std::move(answer)).ok());
  }
  return builder.Build(metadata).value();
}

ModelMetadata MetadataOf(const std::string& model, const std::string& group) {
  ModelMetadata metadata;
  metadata.model = model;
  metadata.group = metadata.organisation = group;
  return metadata;
}

LineageLink FineTunedFrom(const std::string& parent, const std::string& evidence = "its card") {
  return {"finetuned_from", parent, parent, "high", evidence};
}

std::string BaseName(std::size_t group) { return "base" + std::to_string(100 + group); }

Planted Plant(const PlantedOptions& options = {}) {
  base::Random random(options.seed);
  const Vocabulary vocabulary = Vocabulary50();
  Planted planted;
  std::vector<std::vector<double>> habits;
  for (std::size_t g = 0; g < options.groups; ++g) {
    habits.emplace_back(kFeatures, 0);
    for (std::size_t f = 0; f < kFeatures; ++f) habits[g][f] = f % 25 < 10 ? kHabit * Normal(random) : 0;
    planted.parent.push_back(planted.signatures.size());
    planted.signatures.push_back(
        PlantedModel(random, habits[g], kRestyled * Normal(random), options.prompts,
                                              MetadataOf(BaseName(g), "g" + std::to_string(g)), vocabulary));
  }
  for (std::size_t g = 0; g < options.groups && options.fine_tunes; ++g) {
    for (std::size_t k = 1; k <= 3; ++k) {
      std::vector<double> own = habits[g];
      for (double& value : own) value += 0.1 * Normal(random);
      const std::string maker = "tuner" + std::to_string((g + 4 * k) % options.groups);
      ModelMetadata metadata = MetadataOf("tune" + std::to_string(100 * k + g), maker);
      metadata.lineage = {FineTunedFrom(BaseName(g))};
      planted.parent.push_back(g);
      planted.signatures.push_back(PlantedModel(random, own, kRestyled * Normal(random), options.prompts, metadata, vocabulary));
    }
  }
  return planted;
}

std::string BytesOf(const std::vector<Signature>& signatures, const Vocabulary& vocabulary = Vocabulary50()) {
  auto space = FitStyleSpace(signatures, vocabulary);
  if (!space.ok()) {
    ADD_FAILURE() << space.status();
    return "";
  }
  return space->Serialize();
}

void SetMetadata(Signature& signature, const std::function<void(ModelMetadata&)>& change) {
  ModelMetadata metadata = signature.metadata();
  change(metadata);
  signature.set_metadata(metadata);
}

// Mean share of a model's samples, by feature; of one block of prompts alone where it is given.
std::vector<double> SharesOf(const Signature& signature, int block = -1) {
  std::vector<double> shares(kFeatures, 0);
  std::vector<FeatureCount> counts;
  double prompts = 0;
  for (const PromptRow& row : signature.rows()) {
    if (block >= 0 && static_cast<int>(row.prompt.low % kBlocks) != block) continue;
    prompts += 1;
    signature.Style(row, counts);
    for (const FeatureCount& count : counts) shares[count.feature] += static_cast<double>(count.samples) / row.samples;
  }
  for (double& share : shares) share /= prompts;
  return shares;
}

using Points = std::vector<std::vector<double>>;

double CosineOf(const std::vector<double>& a, const std::vector<double>& b) {
  return static_cast<double>(oracle::CosineOf({a.begin(), a.end()}, {b.begin(), b.end()}));
}

// How many fine-tunes have their own parent as the nearest of the bases, which come first.
std::size_t FoundParents(const Planted& planted, const Points& points, std::size_t bases) {
  std::size_t found = 0;
  for (std::size_t m = bases; m < points.size(); ++m) {
    std::size_t nearest = 0;
    for (std::size_t base = 1; base < bases; ++base) {
      if (CosineOf(points[m], points[base]) > CosineOf(points[m], points[nearest])) nearest = base;
    }
    found += nearest == planted.parent[m];
  }
  return found;
}

// Points in the space, all from the same prompts; or, for no space, differences of square roots as they are.
Points PointsIn(const StyleSpace* space, const std::vector<Signature>& signatures) {
  std::vector<double> mean(kFeatures, 0);
  Points shares, projected;
  for (const Signature& signature : signatures) {
    shares.push_back(SharesOf(signature));
    for (std::size_t f = 0; f < kFeatures; ++f) mean[f] += shares.back()[f] / static_cast<double>(signatures.size());
  }
  for (std::vector<double>& of_model : shares) {
    if (space == nullptr) {
      for (std::size_t f = 0; f < kFeatures; ++f) of_model[f] = std::sqrt(of_model[f]) - std::sqrt(mean[f]);
      projected.push_back(of_model);
    } else {
      projected.push_back(space->Project(of_model, mean));
    }
  }
  if (space == nullptr) return projected;
  std::vector<double> centre(space->projected_size(), 0);
  for (const auto& of_model : projected) {
    for (std::size_t d = 0; d < centre.size(); ++d) centre[d] += of_model[d] / static_cast<double>(projected.size());
  }
  Points points;
  for (const auto& of_model : projected) points.push_back(space->Embed(of_model, centre));
  return points;
}

// The point of it all. Plain differences of shares follow what shouts; the space follows what is handed down. Of 108
// fine-tunes chance finds 9. Pairs of the same making that the fit has not seen gain as well: it learns what is handed
// down, and not who is whose child. (Found 102 in the space and 46 by shares; of those not seen, 95 and 63.)
TEST(FitStyleSpace, BringsFineTunesNearToTheirParents) {
  std::size_t seen_in_space = 0, seen_by_shares = 0, others_in_space = 0, others_by_shares = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    const Planted seen = Plant({.seed = seed});
    const Planted others = Plant({.seed = seed + 10});
    const auto space = FitStyleSpace(seen.signatures, Vocabulary50());
    ASSERT_TRUE(space.ok()) << space.status();
    const auto found = [](const Planted& planted, const StyleSpace* in) {
      return FoundParents(planted, PointsIn(in, planted.signatures), 12);
    };
    seen_in_space += found(seen, &*space);
    seen_by_shares += found(seen, nullptr);
    others_in_space += found(others, &*space);
    others_by_shares += found(others, nullptr);
  }
  EXPECT_GE(seen_in_space, 97U);
  EXPECT_LE(seen_by_shares, 60U);
  EXPECT_GE(others_in_space, 87U);
  EXPECT_GE(others_in_space, others_by_shares + 20);
}

// The maps of a serialized space.
struct Maps {
  std::vector<oracle::LongMatrix> sets;
  oracle::LongMatrix last;
};

Maps MapsOf(const std::string& bytes) {
  base::ByteReader reader(bytes);
  std::uint32_t count = 0;
  reader.ReadU32(count);
  Maps maps;
  for (std::uint32_t k = 0; k <= count; ++k) {
    std::uint32_t inputs = 0, outputs = 0;
    reader.ReadU32(inputs);
    reader.ReadU32(outputs);
    oracle::LongMatrix map(inputs, oracle::LongVector(outputs));
    for (auto& row : map) {
      for (long double& cell : row) {
        float value = 0;
        reader.ReadF32(value);
        cell = static_cast<long double>(value);
      }
    }
    (k < count ? maps.sets.emplace_back() : maps.last) = map;
  }
  EXPECT_TRUE(reader.done());
  return maps;
}

oracle::LongVector Apply(const oracle::LongMatrix& map, const oracle::LongVector& inputs) {
  oracle::LongVector out(map.front().size(), 0);
  for (std::size_t k = 0; k < map.size(); ++k) {
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += inputs[k] * map[k][d];
  }
  return out;
}

void AddOuter(oracle::LongMatrix& sum, const oracle::LongVector& vector, long double weight) {
  for (std::size_t a = 0; a < vector.size(); ++a) {
    for (std::size_t b = 0; b < vector.size(); ++b) sum[a][b] += weight * vector[a] * vector[b];
  }
}

oracle::LongMatrix Square(std::size_t size) { return oracle::LongMatrix(size, oracle::LongVector(size, 0)); }

// M' C M for a map M with a row for each input.
oracle::LongMatrix Congruent(const oracle::LongMatrix& covariance, const oracle::LongMatrix& map) {
  const std::size_t outputs = map.front().size();
  oracle::LongMatrix out = Square(outputs);
  for (std::size_t d = 0; d < outputs; ++d) {
    oracle::LongVector column(map.size(), 0);
    for (std::size_t a = 0; a < map.size(); ++a) {
      for (std::size_t b = 0; b < map.size(); ++b) column[a] += covariance[a][b] * map[b][d];
    }
    for (std::size_t e = 0; e < outputs; ++e) {
      for (std::size_t a = 0; a < map.size(); ++a) out[e][d] += map[a][e] * column[a];
    }
  }
  return out;
}

oracle::LongMatrix Identity(std::size_t size) {
  oracle::LongMatrix identity = Square(size);
  for (std::size_t k = 0; k < size; ++k) identity[k][k] = 1;
  return identity;
}

long double Trace(const oracle::LongMatrix& matrix) {
  long double trace = 0;
  for (std::size_t k = 0; k < matrix.size(); ++k) trace += matrix[k][k];
  return trace;
}

// Trace of the matrix over the map's range: its columns made orthonormal by Gram and Schmidt, twice.
long double TraceWithin(const oracle::LongMatrix& covariance, oracle::LongMatrix map) {
  const std::size_t outputs = map.front().size();
  for (int round = 0; round < 2; ++round) {
    for (std::size_t d = 0; d < outputs; ++d) {
      for (std::size_t e = 0; e < d; ++e) {
        long double inner = 0;
        for (const auto& row : map) inner += row[d] * row[e];
        for (auto& row : map) row[d] -= inner * row[e];
      }
      long double square = 0;
      for (const auto& row : map) square += row[d] * row[d];
      for (auto& row : map) row[d] /= std::sqrt(square);
    }
  }
  return Trace(Congruent(covariance, map));
}

// Equal to a multiple of the identity, to `bound` of that multiple.
void ExpectIsotropic(const oracle::LongMatrix& matrix, long double bound) {
  const long double scale = Trace(matrix) / static_cast<long double>(matrix.size());
  for (std::size_t a = 0; a < matrix.size(); ++a) {
    for (std::size_t b = 0; b < matrix.size(); ++b) {
      ASSERT_NEAR(static_cast<double>(matrix[a][b] / scale), a == b ? 1 : 0, static_cast<double>(bound)) << a << " " << b;
    }
  }
}

// What the header says of the maps, asked of their numbers, whichever way they were found. Whitening by a covariance C
// makes M' C M the identity; rows are floats, so that M is off by 2^-24 of itself, and M' C M by that times twice the
// condition of C: C is mixed with 1/5 (or 4/5) of its mean over at most 47 directions, so that no direction has less than
// 1 / (1 + 4 * 47) of the largest. 2 * 189 * 2^-24 = 2.3e-5; a few directions add up: 10^-4.
TEST(FitStyleSpace, WhitensAndScalesAsItSays) {
  constexpr long double kBound = 1e-4L;
  const Planted planted = Plant({.seed = 4});
  const std::vector<Signature>& signatures = planted.signatures;
  const std::size_t n = signatures.size();
  const Maps maps = MapsOf(BytesOf(signatures));
  ASSERT_EQ(maps.sets.size(), 2U);
  ASSERT_EQ(maps.sets[0].size(), kWords);
  ASSERT_EQ(maps.sets[1].size(), kOpenings);
  std::map<std::string, long double> members;
  for (const Signature& signature : signatures) members[signature.metadata().group] += 1;
  oracle::LongVector weights;
  for (const Signature& signature : signatures) {
    weights.push_back(1 / members[signature.metadata().group] / static_cast<long double>(members.size()));
  }
  oracle::LongMatrix projected(n);
  std::size_t first = 0;
  for (const oracle::LongMatrix& set : maps.sets) {
    const std::size_t size = set.size();
    const auto roots = [&](const Signature& signature, int block) {
      const std::vector<double> shares = SharesOf(signature, block);
      oracle::LongVector of_set;
      for (std::size_t f = first; f < first + size; ++f) of_set.push_back(std::sqrt(static_cast<long double>(shares[f])));
      return of_set;
    };
    // Unit total variance of the outputs.
    oracle::LongMatrix whole, centred;
    oracle::LongVector mean(size, 0);
    for (std::size_t m = 0; m < n; ++m) {
      whole.push_back(roots(signatures[m], -1));
      for (std::size_t f = 0; f < size; ++f) mean[f] += weights[m] * whole[m][f];
    }
    long double variance = 0;
    for (std::size_t m = 0; m < n; ++m) {
      for (std::size_t f = 0; f < size; ++f) whole[m][f] -= mean[f];
      const oracle::LongVector output = Apply(set, whole[m]);
      for (const long double value : output) variance += weights[m] * value * value;
      projected[m].insert(projected[m].end(), output.begin(), output.end());
    }
    EXPECT_NEAR(static_cast<double>(variance), 1, 1e-5);
    // Within-model covariance over blocks, around the blocks' and the model's means.
    std::vector<oracle::LongMatrix> blocks(n);
    for (std::size_t b = 0; b < kBlocks; ++b) {
      oracle::LongVector of_block(size, 0);
      for (std::size_t m = 0; m < n; ++m) {
        blocks[m].push_back(roots(signatures[m], static_cast<int>(b)));
        for (std::size_t f = 0; f < size; ++f) of_block[f] += weights[m] * blocks[m][b][f];
      }
      for (std::size_t m = 0; m < n; ++m) {
        for (std::size_t f = 0; f < size; ++f) blocks[m][b][f] -= of_block[f];
      }
    }
    oracle::LongMatrix within = Square(size);
    for (std::size_t m = 0; m < n; ++m) {
      oracle::LongVector of_model(size, 0);
      for (const auto& block : blocks[m]) {
        for (std::size_t f = 0; f < size; ++f) of_model[f] += block[f] / kBlocks;
      }
      for (auto& block : blocks[m]) {
        for (std::size_t f = 0; f < size; ++f) block[f] -= of_model[f];
        AddOuter(within, block, weights[m] / kBlocks);
      }
    }
    // Four fifths of it, and one fifth of its mean over the directions that are kept.
    const long double share = 0.2L * TraceWithin(within, set) / static_cast<long double>(set.front().size());
    for (std::size_t a = 0; a < size; ++a) {
      for (std::size_t b = 0; b < size; ++b) within[a][b] = 0.8L * within[a][b] + (a == b ? share : 0);
    }
    ExpectIsotropic(Congruent(within, set), kBound);
    first += size;
  }
  // The last map: the projections, of unit length, then four fifths of their mean variance and one fifth of the mean outer
  // product of child minus parent, a group having one voice for each parent, scaled to the same total.
  const std::size_t width = projected.front().size();
  oracle::LongVector mean(width, 0);
  for (std::size_t m = 0; m < n; ++m) {
    long double square = 0;
    for (const long double value : projected[m]) square += value * value;
    for (long double& value : projected[m]) value /= std::sqrt(square);
    for (std::size_t d = 0; d < width; ++d) mean[d] += weights[m] * projected[m][d];
  }
  oracle::LongMatrix variance = Square(width);
  for (std::size_t m = 0; m < n; ++m) {
    for (std::size_t d = 0; d < width; ++d) projected[m][d] -= mean[d];
    AddOuter(variance, projected[m], weights[m]);
  }
  std::map<std::pair<std::string, std::size_t>, oracle::LongMatrix> differences;
  for (std::size_t m = 12; m < n; ++m) {
    oracle::LongVector difference;
    for (std::size_t d = 0; d < width; ++d) difference.push_back(projected[m][d] - projected[planted.parent[m]][d]);
    differences[{signatures[m].metadata().group, planted.parent[m]}].push_back(difference);
  }
  oracle::LongMatrix scatter = Square(width);
  for (const auto& [key, of_group] : differences) {
    oracle::LongVector mean_difference(width, 0);
    for (const auto& difference : of_group) {
      for (std::size_t d = 0; d < width; ++d) mean_difference[d] += difference[d] / static_cast<long double>(of_group.size());
    }
    AddOuter(scatter, mean_difference, 1 / static_cast<long double>(differences.size()));
  }
  const long double total = TraceWithin(variance, maps.last);
  const long double of_pairs = TraceWithin(scatter, maps.last);
  EXPECT_NEAR(static_cast<double>(total / Trace(variance)), 1, 1e-4);  // no direction is left out
  oracle::LongMatrix mixed = Square(width);
  for (std::size_t a = 0; a < width; ++a) {
    for (std::size_t b = 0; b < width; ++b) {
      mixed[a][b] = 0.2L * total / of_pairs * scatter[a][b];
      if (a == b) mixed[a][b] += 0.8L * total / static_cast<long double>(maps.last.front().size());
    }
  }
  const oracle::LongMatrix whitened = Congruent(mixed, maps.last);
  ExpectIsotropic(whitened, kBound);
  EXPECT_NEAR(static_cast<double>(Trace(whitened)) / static_cast<double>(whitened.size()), 1, 1e-4);
}

TEST(FitStyleSpace, DoesNotDependOnTheOrderOfSignatures) {
  std::vector<Signature> signatures = Plant({.prompts = 46}).signatures;
  const std::string bytes = BytesOf(signatures);
  base::Random random(1);
  for (int round = 0; round < 3; ++round) {
    random.Shuffle(std::span(signatures));
    EXPECT_EQ(BytesOf(signatures), bytes);
  }
}

// What text says about lineage must not decide how texts are compared: else the space would learn its own findings.
TEST(FitStyleSpace, IgnoresLineageThatWasInferredFromText) {
  const std::vector<Signature> signatures = Plant({.prompts = 46}).signatures;
  const std::string bytes = BytesOf(signatures);
  const auto with_link = [&](const LineageLink& link) {
    std::vector<Signature> changed = signatures;
    SetMetadata(changed[5], [&](ModelMetadata& metadata) { metadata.lineage.push_back(link); });
    return BytesOf(changed);
  };
  EXPECT_EQ(with_link(FineTunedFrom(BaseName(7), "similar answers [measured]")), bytes);
  EXPECT_NE(with_link(FineTunedFrom(BaseName(7))), bytes);
  // Nor do distillation and unknown parents: no label of distillation is used.
  LineageLink link = FineTunedFrom(BaseName(7));
  link.relation = "distilled_from";
  EXPECT_EQ(with_link(link), bytes);
  EXPECT_EQ(with_link(FineTunedFrom("nobody")), bytes);
  for (const std::string relation : {"sampled_from", "same_model"}) {
    link.relation = relation;
    EXPECT_EQ(with_link(link), with_link(FineTunedFrom(BaseName(7)))) << relation;
  }
}

// Broken models answer in no style of their own; not even as a parent may they have a say.
TEST(FitStyleSpace, IgnoresDegenerateModels) {
  std::vector<Signature> signatures = Plant({.prompts = 46}).signatures;
  const std::string bytes = BytesOf(signatures);
  base::Random random(5);
  ModelMetadata broken = MetadataOf("aaa-broken", "g3");
  broken.degenerate = true;
  signatures.push_back(PlantedModel(random, std::vector<double>(kFeatures, 4), 0, 46, broken, Vocabulary50()));
  SetMetadata(signatures[2], [](ModelMetadata& metadata) { metadata.lineage.push_back(FineTunedFrom("aaa-broken")); });
  EXPECT_EQ(BytesOf(signatures), bytes);
  SetMetadata(signatures.back(), [](ModelMetadata& metadata) { metadata.degenerate = false; });
  EXPECT_NE(BytesOf(signatures), bytes);
}

// Ten models span nine directions; without fine-tunes, the last map only turns.
TEST(FitStyleSpace, WorksWithFewerModelsThanDirections) {
  const std::vector<Signature> signatures = Plant({.groups = 10, .prompts = 46, .fine_tunes = false}).signatures;
  const auto space = FitStyleSpace(signatures, Vocabulary50());
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_EQ(space->features(), kFeatures);
  EXPECT_EQ(space->projected_size(), 18U);  // nine of words, nine of openings
  EXPECT_EQ(space->size(), 9U);
  const Points points = PointsIn(&*space, signatures);
  for (const auto& point : points) {
    for (const double value : point) ASSERT_TRUE(std::isfinite(value));
  }
  const Maps maps = MapsOf(space->Serialize());
  ExpectIsotropic(Congruent(Identity(18), maps.last), 1e-5L);
}

TEST(FitStyleSpace, WorksWithOneSetOfFeatures) {
  for (const bool words : {false, true}) {
    const Vocabulary vocabulary = MadeVocabulary("filler", NumberedStyleFeatures(words ? kFeatures : 0, words ? 0 : kFeatures));
    base::Random random(6);
    std::vector<Signature> signatures;
    for (std::size_t g = 0; g < 11; ++g) {
      std::vector<double> habits;
      for (std::size_t f = 0; f < kFeatures; ++f) habits.push_back(Normal(random));
      signatures.push_back(PlantedModel(random, habits, 0, 30, MetadataOf(BaseName(g), ""), vocabulary));
    }
    const auto space = FitStyleSpace(signatures, vocabulary);
    ASSERT_TRUE(space.ok()) << space.status();
    EXPECT_EQ(space->features(), kFeatures);
    EXPECT_TRUE(vocabulary.WithStyleSpace(*space).ok());
  }
}

// Models of one block, of one answer, and with an empty answer: nothing that is not a number comes out.
TEST(FitStyleSpace, SurvivesModelsOfFewAnswers) {
  std::vector<Signature> signatures = Plant({.prompts = 46}).signatures;
  base::Random random(7);
  signatures.push_back(PlantedModel(random, std::vector<double>(kFeatures, 1), 0, 1, MetadataOf("one", "one"), Vocabulary50()));
  SignatureBuilder builder(Vocabulary50());
  AnswerFeatures empty;
  empty.prompt = PromptKey(3);
  ASSERT_TRUE(builder.Add(empty).ok());
  signatures.push_back(builder.Build(MetadataOf("silent", "silent")).value());
  EXPECT_TRUE(FitStyleSpace(signatures, Vocabulary50()).ok());
}

TEST(FitStyleSpace, RefusesTooLittle) {
  std::vector<Signature> signatures = Plant({.groups = 9, .prompts = 23, .fine_tunes = false}).signatures;
  absl::Status status = FitStyleSpace(signatures, Vocabulary50()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "a style space needs features and at least 10 groups of models, got 50 features and 9 groups");
  // A degenerate model, or another of the same group, makes no tenth group.
  Signature another = signatures[0];
  SetMetadata(another, [](ModelMetadata& metadata) { metadata.model = "another"; });
  signatures.push_back(another);
  SetMetadata(another, [](ModelMetadata& metadata) {
    metadata = MetadataOf("broken", "broken");
    metadata.degenerate = true;
  });
  signatures.push_back(another);
  EXPECT_EQ(FitStyleSpace(signatures, Vocabulary50()).status().message(), status.message());
  SetMetadata(signatures.back(), [](ModelMetadata& metadata) { metadata.degenerate = false; });
  EXPECT_TRUE(FitStyleSpace(signatures, Vocabulary50()).ok());
  EXPECT_EQ(FitStyleSpace({}, Vocabulary50()).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(FitStyleSpace, RefusesAVocabularyWithoutFeatures) {
  const Vocabulary plain = MadeVocabulary();
  base::Random random(8);
  std::vector<Signature> signatures;
  for (std::size_t g = 0; g < 12; ++g) {
    signatures.push_back(PlantedModel(random, std::vector<double>(kFeatures, -50), -50, 2, MetadataOf(BaseName(g), ""), plain));
  }
  const absl::Status status = FitStyleSpace(signatures, plain).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "a style space needs features and at least 10 groups of models, got 0 features and 12 groups");
}

TEST(FitStyleSpace, RefusesSignaturesOfAnotherVocabulary) {
  std::vector<Signature> signatures = Plant({.prompts = 23, .fine_tunes = false}).signatures;
  const Vocabulary other = MadeVocabulary("other", NumberedStyleFeatures(kWords, kOpenings));
  absl::Status status = FitStyleSpace(signatures, other).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "signature base100: not made with vocabulary " + ToHex(other.digest()));
  // Nor of the same one, but from before there was style.
  const std::string bytes = signatures[4].Serialize();
  const auto file = base::SectionedFile::Parse(bytes, base::FileKind::kSignature, "s");
  base::SectionedFileWriter writer(base::FileKind::kSignature);
  for (const auto& entry : file->sections()) {
    if (entry.name != "STYLE_A") writer.Add(entry.name, std::string(entry.bytes));
  }
  signatures[4] = Signature::Parse(writer.Finish(), "s").value();
  status = FitStyleSpace(signatures, Vocabulary50()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message().substr(0, 18), "signature base104:");
}

TEST(FitStyleSpace, RefusesModelsThatDoNotDiffer) {
  std::vector<Signature> signatures = Plant({.prompts = 23, .fine_tunes = false}).signatures;
  for (std::size_t g = 1; g < 12; ++g) {
    const ModelMetadata metadata = signatures[g].metadata();
    signatures[g] = signatures[0];
    signatures[g].set_metadata(metadata);
  }
  const absl::Status status = FitStyleSpace(signatures, Vocabulary50()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(), "the models do not differ in style");
}

}  // namespace
}  // namespace stemma
