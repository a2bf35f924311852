// Ranks of an unrelated candidate's scores among a panel's groups, as an audit takes them.
//
// Departures from Auditor, where the panel itself supplies the candidate: its whole group is out, as voters and as
// references; and a search goes over references that are unrelated to the candidate, since a documented relative that
// it finds is no false accusation. What groups find with the candidate is likewise that of members unrelated to it.
#ifndef STEMMA_LIB_AUDIT_LEVEL_RANKS_H_
#define STEMMA_LIB_AUDIT_LEVEL_RANKS_H_

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "stemma/panel.h"
#include "stemma/rank_p.h"

namespace stemma::audit {

class LevelRanks {
 public:
  // `related`: Lineage::RelatedPairs of the panel's models. `voters`: models of the panel. `scores`: `[voter * voters + reference]`, the references being the voters; NaN where
  // there is none. All must outlive the object.
  LevelRanks(const Panel& panel, const std::vector<bool>& related, std::span<const std::size_t> voters,
             std::span<const double> scores)
      : panel_(panel), related_(related), voters_(voters), scores_(scores) {}

  // Whether a candidate, of the panel, and a voter can be a pair of unrelated models.
  bool AreApart(std::size_t candidate, std::size_t voter) const {
    return panel_.group(candidate) != panel_.group(voters_[voter]) && !Related(candidate, voters_[voter]);
  }
  // `reference`: among the voters. `score`: the candidate's on it. Precondition: they are apart.
  RankP Named(std::size_t candidate, std::size_t reference, double score) const;
  // `scores`: the candidate's on the voters; its best on those unrelated to it is what is ranked. Nothing without one.
  std::optional<RankP> Screening(std::size_t candidate, std::span<const double> scores) const;

 private:
  bool Related(std::size_t a, std::size_t b) const { return related_[a * panel_.models().size() + b]; }

  const Panel& panel_;
  const std::vector<bool>& related_;
  std::span<const std::size_t> voters_;
  std::span<const double> scores_;
};

}  // namespace stemma::audit

#endif  // STEMMA_LIB_AUDIT_LEVEL_RANKS_H_
