"""Plants violations in small trees and demands that the checker finds them, and only them."""
import pathlib
import tempfile
import unittest

import layering


class LayeringTest(unittest.TestCase):
    def violations(self, files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in files.items():
                path = pathlib.Path(root, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return list(layering.violations(root))

    def assert_one(self, files, *fragments):
        found = self.violations(files)
        self.assertEqual(len(found), 1, found)
        for fragment in fragments:
            self.assertIn(fragment, found[0])

    def test_accepts_arrows_that_point_down(self):
        self.assertEqual([], self.violations({
            "include/stemma/hash.h": "#include <string>\n",
            "include/stemma/panel.h": '#include "absl/status/status.h"\n#include "stemma/hash.h"\n',
            "lib/base/hash.cc": '#include "lib/base/hash.h"\n#include <xxhash.h>\n',
            "lib/text/tokenizer.cc": '#include "lib/base/hash.h"\n#include "lib/text/unicode.h"\n',
            "lib/evidence/metrics.cc": '#include "lib/base/sum.h"\n#include "lib/evidence/metrics.h"\n',
            "lib/report/json.cc": '#include "stemma/panel.h"\n#include "lib/audit/x.h"\n#include "lib/evidence/y.h"\n',
            "tools/stemma/main.cc": '#include "lib/report/json.h"\n#include "tools/stemma/x.h"\n',
        }))

    def test_finds_an_arrow_up(self):
        self.assert_one({"lib/base/hash.cc": '\n#include "lib/text/unicode.h"\n'}, "lib/base/hash.cc:2", "points up to text")

    def test_finds_an_arrow_sideways(self):
        self.assert_one({"lib/audit/audit.cc": '#include "lib/usage/scan.h"\n'}, "sideways to usage")
        self.assert_one({"lib/text/mask.cc": '#include "lib/evidence/metrics.h"\n'}, "sideways to evidence")

    def test_finds_arrows_through_public_headers(self):
        self.assert_one({"lib/corpus/reader.cc": '#include "stemma/panel.h"\n'}, "points up to panel")
        self.assert_one({"include/stemma/hash.h": '#include "stemma/response.h"\n'}, "base includes", "up to corpus")

    def test_places_a_header_by_its_source(self):
        self.assert_one({
            "include/stemma/brand_new.h": "",
            "lib/score/brand_new.cc": "",
            "lib/panel/panel.cc": '#include "stemma/brand_new.h"\n',
        }, "points up to score")

    def test_finds_arrows_into_report(self):
        self.assert_one({"lib/audit/audit.cc": '#include "lib/report/json.h"\n'}, "up to report")

    def test_evidence_knows_base_alone(self):
        self.assert_one({"lib/evidence/metrics.cc": '#include "lib/text/unicode.h"\n'}, "to text")

    def test_nothing_includes_tools_python_or_c(self):
        self.assert_one({"lib/report/json.cc": '#include "tools/stemma/x.h"\n'}, "up to tools")
        self.assert_one({"tools/stemma/main.cc": '#include "python/src/x.h"\n'}, "sideways to python")
        self.assert_one({"lib/report/json.cc": '#include "c/boundary.h"\n'}, "up to c")
        self.assert_one({"tools/stemma/main.cc": '#include "stemma/c.h"\n', "include/stemma/c.h": ""}, "sideways to c")

    def test_the_header_for_c_includes_nothing_of_cpp(self):
        self.assertEqual([], self.violations({
            "include/stemma/c.h": "#include <stddef.h>\n#include <stdint.h>\n",
            "c/panel.cc": '#include "c/boundary.h"\n#include "lib/base/status_macros.h"\n#include "stemma/c.h"\n',
        }))
        for include in ("<string>", '"absl/status/status.h"', '"stemma/hash.h"'):
            self.assert_one({"include/stemma/c.h": f"#include {include}\n"}, "the header for C includes")

    def test_demands_that_unknown_headers_are_registered(self):
        self.assert_one({"include/stemma/mystery.h": ""}, "include/stemma/mystery.h", "register it in HEADERS",
                        "tests/layering/layering.py")

    def test_demands_that_unknown_folders_are_registered(self):
        self.assert_one({"lib/cellar/x.cc": ""}, "cellar", "register it in FLOORS")
        self.assert_one({"lib/report/x.cc": '#include "lib/cellar/x.h"\n'}, "cellar has no floor")

    def test_finds_includes_of_what_belongs_nowhere(self):
        self.assert_one({"lib/report/x.cc": '#include "stemma/mystery.h"\n'}, "belongs to no floor")
        self.assert_one({"lib/report/x.cc": '#include "tests/base/temporary_folder.h"\n'}, "does not know its tests")

    def test_finds_paths_that_are_not_from_the_root(self):
        self.assert_one({"lib/text/mask.cc": '#include "unicode.h"\n'}, "no path from the root")
        self.assert_one({"lib/text/mask.cc": '#include "../panel/sketch.h"\n'}, "no path from the root")
        self.assert_one({"lib/text/mask.cc": "#include <stemma/panel.h>\n"}, "with quotes")

    def test_public_headers_bring_no_private_library(self):
        for include in ("<Eigen/Core>", "<xxhash.h>", "<simdjson.h>", "<iostream>", '"lib/base/hash.h"', '"simdjson.h"'):
            self.assert_one({"include/stemma/panel.h": f"#include {include}\n"}, "a public header includes")

    def test_private_files_may_use_them(self):
        self.assertEqual([], self.violations({"lib/panel/panel.cc": "#include <Eigen/Core>\n#include <iostream>\n"}))

    def test_reads_every_way_to_write_an_include(self):
        for line in ('#include"lib/panel/sketch.h"', '  #  include  "lib/panel/sketch.h"', '#\tinclude "lib/panel/sketch.h" // why'):
            self.assert_one({"lib/base/x.h": f"#if 1\n{line}\n#endif\n"}, "lib/base/x.h:2")

    def test_ignores_comments_and_other_files(self):
        self.assertEqual([], self.violations({
            "lib/base/x.h": '// #include "lib/panel/sketch.h"\n',
            "lib/base/notes.txt": '#include "lib/panel/sketch.h"\n',
            "tests/base/x.cc": '#include "lib/panel/sketch.h"\n',
        }))


if __name__ == "__main__":
    unittest.main()
