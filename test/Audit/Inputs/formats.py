"""Checks what formats.test makes: formats.py JSON SARIF."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    audit = json.load(file)
assert audit["kernel"] == "6.12", audit
assert (audit["exports"], audit["gplOnly"], audit["symbols"]) == (2, 1, 2), audit
assert [f["symbol"] for f in audit["findings"]] == ["lonely", "lonely_too"], audit
first = audit["findings"][0]
assert first["check"] == "linux.export.policy.Unused", first
assert first["exports"] == [
    {
        "file": "lib/a.c",
        "line": 1,
        "macro": "EXPORT_SYMBOL",
        "gplOnly": False,
        "namespace": "",
        "condition": "",
    }
], first
assert first["for"][0]["criterion"] == "C9" and first["against"] == [], first
assert audit["allowed"] == [], audit
assert audit["notUnderstood"][0]["line"] == 3, audit

with open(sys.argv[2], encoding="utf-8") as file:
    run = json.load(file)["runs"][0]
assert len(run["results"]) == 2, run
result = run["results"][0]
rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
assert result["ruleId"] == rule["id"] == "linux.export.policy.Unused", (result, rule)
place = result["locations"][0]["physicalLocation"]
assert place["artifactLocation"] == {"uri": "lib/a.c", "uriBaseId": "%SRCROOT%"}, place
assert result["locations"][0]["logicalLocations"][0]["name"] == "lonely", result
