#include "lib/evidence/selftest_subject.h"
#include "stemma/discrimination.h"
#include "stemma/isotonic.h"

namespace stemma::evidence {
namespace {

void CheckIsotonic(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("PAV", "Ayer et al. 1955; by hand", checks);
  const std::vector<double> values = {1, 3, 2, 4, 3, 5}, weights = {1, 1, 1, 2, 1, 1};
  const std::vector<double> expected = {1, 2.5, 2.5, 11 / 3.0, 11 / 3.0, 5};
  subject.ExpectEach("pav", "1, 3, 2, 4, 3, 5 with weights 1, 1, 1, 2, 1, 1", FitIsotonic(values, weights), expected);
}

void CheckAuc(std::vector<SelfTestCheck>& checks) {
  SelfTestSubject subject("AUC", "Hanley and McNeil 1982; by hand", checks);
  subject.Expect("auc.ties", ".35, .8, .4, .9 under H1; .1, .4, .4, .2 under H2",
                 Auc(Llrs({.35, .8, .4, .9}, {.1, .4, .4, .2})), .8125);
}

}  // namespace

void CheckScores(std::vector<SelfTestCheck>& checks) {
  CheckIsotonic(checks);
  CheckAuc(checks);
}

}  // namespace stemma::evidence
