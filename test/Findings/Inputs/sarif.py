"""Checks the SARIF that SARIF.test makes: structure first, then values."""

import json
import re
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    log = json.load(file)
with open(sys.argv[2]) as file:
    checks = re.findall(r'^(?:CHECK|POLICY)\("([a-z.]+)", (\w+), (true|false)', file.read(), re.M)


def keys(value, required, optional=()):
    assert isinstance(value, dict), value
    missing = set(required) - set(value)
    unknown = set(value) - set(required) - set(optional)
    assert not missing and not unknown, (missing, unknown, value)


def uri_is_fine(uri):
    # RFC 3986 characters only, percent signs only as escapes.
    assert re.fullmatch(r"(?:[A-Za-z0-9._~:/-]|%[0-9A-F]{2})+", uri), uri


def check_artifact(artifact):
    keys(artifact, ["uri"], ["uriBaseId"])
    uri_is_fine(artifact["uri"])
    if "uriBaseId" in artifact:
        assert artifact["uriBaseId"] == "%SRCROOT%"
        assert ":" not in artifact["uri"] and not artifact["uri"].startswith("/")
    else:
        assert artifact["uri"].startswith("file:///")


def check_location(location, optional):
    keys(location, [], ["physicalLocation"] + optional)
    if "physicalLocation" in location:
        physical = location["physicalLocation"]
        keys(physical, ["artifactLocation"], ["region"])
        check_artifact(physical["artifactLocation"])
        if "region" in physical:
            keys(physical["region"], ["startLine"], ["startColumn"])
            assert all(n >= 1 for n in physical["region"].values())


keys(log, ["$schema", "version", "runs"])
assert log["version"] == "2.1.0"
assert len(log["runs"]) == 1
run = log["runs"][0]
keys(run, ["tool", "columnKind", "invocations", "results", "originalUriBaseIds"])
assert run["originalUriBaseIds"] == {"%SRCROOT%": {"uri": "file:///src/li%20nux/"}}

driver = run["tool"]["driver"]
keys(driver, ["name", "version", "rules", "properties"])
assert (driver["name"], driver["version"]) == ("pagewarden", "0.0.1")
assert [rule["id"] for rule in driver["rules"]] == [
    "%s.%s" % (package, name) for package, name, _ in checks
]
for rule, (package, name, on) in zip(driver["rules"], checks):
    keys(
        rule,
        ["id", "name", "shortDescription", "help"]
        + ["defaultConfiguration", "properties"],
    )
    assert rule["shortDescription"]["text"]
    assert "docs/checks/%s.%s.md" % (package, name) in rule["help"]["text"]
    assert rule["defaultConfiguration"] == {"level": "warning", "enabled": on == "true"}

for result in run["results"]:
    keys(
        result,
        ["ruleId", "ruleIndex", "level", "message", "locations"]
        + ["partialFingerprints"],
        ["codeFlows", "relatedLocations"],
    )
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] == "warning"
    keys(result["partialFingerprints"], ["pagewarden/v1"])
    assert len(result["locations"]) == 1
    check_location(result["locations"][0], ["logicalLocations"])
    for related in result.get("relatedLocations", []):
        check_location(related, ["message"])
    for flow in result.get("codeFlows", []):
        keys(flow, ["threadFlows"])
        for thread in flow["threadFlows"]:
            for step in thread["locations"]:
                keys(step, ["location", "nestingLevel"])
                check_location(step["location"], ["message"])

a, twin, z = run["results"]
where = a["locations"][0]
assert where["physicalLocation"] == {
    "artifactLocation": {"uri": "drivers/a%23b%25%C3%BC.c", "uriBaseId": "%SRCROOT%"},
    "region": {"startLine": 12, "startColumn": 2},
}
assert where["logicalLocations"] == [{"name": "f", "kind": "function"}]
(flow,) = a["codeFlows"]
(thread,) = flow["threadFlows"]
taken, lost = thread["locations"]
assert taken["nestingLevel"] == 1 and lost["nestingLevel"] == 0
assert taken["location"]["message"]["text"] == "taken \\x1B"
assert (
    taken["location"]["physicalLocation"]["artifactLocation"]["uri"]
    == "file:///other/x.h"
)
(remark,) = a["relatedLocations"]
assert remark["physicalLocation"]["artifactLocation"]["uri"] == "c%3Ad.c"
assert remark["physicalLocation"]["region"] == {"startLine": 2}

# Alike, and yet two.
first = a["partialFingerprints"]["pagewarden/v1"]
assert twin["partialFingerprints"]["pagewarden/v1"] == first + ":2"
assert "codeFlows" not in twin

assert z["ruleId"] == "linux.export.GplOnly"
assert "region" not in z["locations"][0]["physicalLocation"]
assert "logicalLocations" not in z["locations"][0]
assert "codeFlows" not in z and "relatedLocations" not in z

(invocation,) = run["invocations"]
assert invocation["executionSuccessful"] is False
assert invocation["commandLine"] == "pagewarden scan -p 'a b'"
assert invocation["properties"] == {"filesAsked": 3, "filesDone": 1}
late, dead = invocation["toolExecutionNotifications"]
assert late["level"] == dead["level"] == "error"
assert late["message"]["text"] == "time limit of 60 s reached"
assert late["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "b.c"
assert "locations" not in dead
