"""The commands, each with what its answer must hold. {S} is the estate's main subscription, {OWN} the server's own."""


def holds(test):
    """The command succeeds and its answer passes the test."""
    return lambda code, answer, err, names: code == 0 and bool(test(answer))


def some(test=lambda item: True):
    """The command succeeds with a list in which at least one item passes the test."""
    return lambda code, answer, err, names: code == 0 and any(test(item) for item in answer)


def every(test):
    """The command succeeds with a list, perhaps empty, of which every item passes the test."""
    return lambda code, answer, err, names: code == 0 and all(test(item) for item in answer)


def refused(text):
    """The command fails and says so."""
    return lambda code, answer, err, names: code != 0 and text in err


def missing(code, answer, err, names):
    """The command ends as az does when it is told that there is no such thing."""
    return code == 3


done = holds(lambda answer: True)
empty = every(lambda item: item["id"])
RULE = '{\\"if\\":{\\"field\\":\\"type\\",\\"equals\\":\\"Microsoft.Storage/storageAccounts\\"},\\"then\\":{\\"effect\\":\\"audit\\"}}'
POLICY = "/subscriptions/{S}/providers/Microsoft.Authorization"
DISK = "/subscriptions/{S}/resourceGroups/rg-data/providers/Microsoft.Compute/disks/vm-etl-os"
TOLD = "5f0c3b1e-3f43-4c51-9d0e-0a6b1c2d3e4f"
ARM = "/subscriptions/{S}/providers/Microsoft.Security"
WORKSPACE = "-g bartizan --workspace-name bartizan --subscription {OWN}"
SENTINEL = "/subscriptions/{OWN}/resourceGroups/bartizan/providers/Microsoft.OperationalInsights/workspaces/bartizan/providers/Microsoft.SecurityInsights"

ACCOUNT = [
    ("account list", some(lambda s: s["name"] == "kh-production" and s["state"] == "Enabled")),
    ("account set -s {S}", done),
    ("account show", holds(lambda s: s["name"] == "kh-production" and s["user"]["type"] == "servicePrincipal")),
    ("account list-locations", some(lambda location: location["name"] == "westeurope")),
    ("account get-access-token", holds(lambda token: token["tokenType"] == "Bearer" and token["accessToken"].count(".") == 2)),
    ("account management-group show -n {TENANT} -e --no-register", holds(lambda g: len(g["children"]) >= 3)),
    ("account management-group list --no-register", some(lambda g: g["displayName"] == "Tenant Root Group")),
]

GROUP = [
    ("group list", some(lambda g: g["name"] == "rg-data" and g["properties"]["provisioningState"] == "Succeeded")),
    ("group list --tag environment=production", every(lambda g: g["tags"]["environment"] == "production")),
    ("group show -n RG-web", holds(lambda g: g["location"] == "westeurope")),
    ("group exists -n rg-web", holds(lambda there: there is True)),
    ("group exists -n nothing", lambda code, answer, err, names: code == 0 and answer is False),
    ("group show -n nothing", missing),
]

RESOURCE = [
    ("resource list", holds(lambda found: len(found) > 100)),
    ("resource list -g rg-data", every(lambda r: r["resourceGroup"].lower() == "rg-data")),
    ("resource list --resource-type Microsoft.Storage/storageAccounts", holds(lambda found: len(found) == 10)),
    ("resource list --tag environment=production", some(lambda r: r["tags"]["environment"] == "production")),
    ("resource list --location westeurope", every(lambda r: r["location"] == "westeurope")),
    ("resource list -n vm-etl-os", holds(lambda found: len(found) == 1)),
    (f"resource show --ids {DISK}", holds(lambda r: r["name"] == "vm-etl-os" and r["properties"])),
    ("resource show -g rg-data -n vm-etl-os --resource-type Microsoft.Compute/disks", holds(lambda r: r["location"] == "westeurope")),
    ("resource show -g rg-data -n nothing --resource-type Microsoft.Compute/disks", missing),
    ("provider list", some(lambda p: p["namespace"] == "Microsoft.Security")),
    ("provider show -n Microsoft.Security", holds(lambda p: p["registrationState"] == "Registered")),
    ("provider register -n Microsoft.Security", done),
    ("provider operation show --namespace Microsoft.Security", holds(lambda p: any(t["name"] == "assessments" for t in p["resourceTypes"]))),
    ("provider operation list", some(lambda p: p["name"] == "Microsoft.Authorization")),
    ("tag list", some(lambda t: t["tagName"] == "environment" and t["count"]["value"] > 10)),
    ("lock list", done),
    ("storage account list", some(lambda a: a["allowBlobPublicAccess"] is True)),
    ("disk list", some(lambda d: d["name"] == "vm-etl-os")),
    ("sql server list", some(lambda s: s["administratorLogin"])),
]

SECURITY = [
    ("security secure-scores list", some(lambda s: s["name"] == "ascScore" and 0 < s["current"] <= s["max"])),
    ("security secure-scores show -n ascScore", holds(lambda s: 0 < s["percentage"] < 1)),
    ("security secure-scores show -n nothing", missing),
    ("security secure-score-controls list", some(lambda c: c["unhealthyResourceCount"] > 0)),
    ("security secure-score-controls list_by_score -n ascScore", some(lambda c: c["max"] > 0)),
    ("security secure-score-control-definitions list", some(lambda d: d["assessmentDefinitions"])),
    ("security assessment list", some(lambda a: a["status"]["code"] == "Unhealthy" and a["displayName"])),
    (f"security assessment show -n 2ceaa635-4b7a-8359-879e-7f63ebf9e0a8 --assessed-resource-id {DISK}", holds(lambda a: a["status"]["code"] == "Unhealthy")),
    ("security assessment-metadata list", some(lambda m: m["severity"] == "High")),
    ("security assessment-metadata show -n 2ceaa635-4b7a-8359-879e-7f63ebf9e0a8", holds(lambda m: "exported" in m["displayName"])),
    ("security sub-assessment list", empty),
    ("security regulatory-compliance-standards list", some(lambda s: s["state"] == "Failed" and s["failedControls"] > 0)),
    ("security regulatory-compliance-standards show -n Azure-Security-Benchmark-v2", holds(lambda s: s["passedControls"] > 0)),
    ("security regulatory-compliance-controls list --standard-name Azure-Security-Benchmark-v2", some(lambda c: c["name"] == "NS-1")),
    ("security regulatory-compliance-controls show --standard-name Azure-Security-Benchmark-v2 -n NS-1", holds(lambda c: c["failedAssessments"] > 0)),
    ("security regulatory-compliance-assessments list --standard-name Azure-Security-Benchmark-v2 --control-name NS-1", some(lambda a: a["state"] == "Failed")),
    ("security alert list", every(lambda a: a["alertDisplayName"])),
    ("security location list", some(lambda location: location["name"] == "centralus")),
    ("security location show -n centralus", holds(lambda location: location["name"] == "centralus")),
    ("security pricing list", holds(lambda p: isinstance(p["value"], list))),
    *[(f"security {name} list", empty) for name in (
        "task", "contact", "setting", "automation", "auto-provisioning-setting", "workspace-setting", "jit-policy", "alerts-suppression-rule", "allowed_connections", "topology",
        "discovered-security-solution", "external-security-solution", "security-solutions", "iot-solution")],
]

POLICIES = [
    (f'policy definition create -n clients --display-name Clients --mode Indexed --rules "{RULE}"', holds(lambda d: d["policyType"] == "Custom")),
    ("policy definition show -n clients", holds(lambda d: d["policyRule"]["then"]["effect"] == "audit")),
    ("policy definition update -n clients --description Described", holds(lambda d: d["description"] == "Described")),
    ("policy definition list", some(lambda d: d["policyType"] == "BuiltIn")),
    ('policy definition create -n broken --rules "{\\"if\\":{\\"field\\":\\"type\\",\\"equalz\\":\\"a\\"},\\"then\\":{\\"effect\\":\\"audit\\"}}"', refused("InvalidPolicyRule")),
    (f'policy set-definition create -n clients-set --definitions "[{{\\"policyDefinitionId\\":\\"{POLICY}/policyDefinitions/clients\\"}}]"', holds(lambda d: len(d["policyDefinitions"]) == 1)),
    ("policy set-definition show -n clients-set", holds(lambda d: d["policyType"] == "Custom")),
    ("policy set-definition update -n clients-set --display-name Set", holds(lambda d: d["displayName"] == "Set")),
    ("policy set-definition list", some(lambda d: d["name"] == "clients-set")),
    ("policy assignment create -n clients --policy clients --display-name Look", holds(lambda a: a["scope"])),
    ("policy assignment show -n clients", holds(lambda a: a["displayName"] == "Look")),
    ("policy assignment update -n clients --display-name Look-again", holds(lambda a: a["displayName"] == "Look-again")),
    ("policy assignment list", some(lambda a: a["name"] == "clients")),
    ("policy assignment non-compliance-message create -n clients -m No", some(lambda m: m["message"] == "No")),
    ("policy state trigger-scan", done),
    ("policy state list -a clients", holds(lambda found: len(found) >= 10 and all(s["complianceState"] == "NonCompliant" for s in found))),
    ("policy state list --top 5", holds(lambda found: len(found) == 5)),
    ('policy state list --filter "isCompliant eq false" --order-by "resourceId desc" --top 5', every(lambda s: not s["isCompliant"])),
    ('policy state list --apply "groupby((complianceState), aggregate($count as n))"', some(lambda g: g["complianceState"] == "NonCompliant" and g["n"] > 0)),
    ('policy state list --apply "nonsense"', refused("InvalidQueryParametersValue")),
    ("policy state list -g rg-data", every(lambda s: s["resourceGroup"].lower() == "rg-data")),
    ("policy state summarize", holds(lambda s: s["results"]["nonCompliantResources"] > 0 and s["policyAssignments"])),
    ("policy state summarize -g rg-data", holds(lambda s: s["results"]["nonCompliantResources"] > 0)),
    ("policy event list", empty),
    (f"policy exemption create -n clients --policy-assignment {POLICY}/policyAssignments/clients --exemption-category Waiver", holds(lambda e: e["exemptionCategory"] == "Waiver")),
    ("policy exemption show -n clients", holds(lambda e: e["name"] == "clients")),
    ("policy exemption list", some(lambda e: e["name"] == "clients")),
    ("policy exemption delete -n clients", done),
    ("policy definition delete -n clients", refused("PolicyDefinitionInUse")),
    ("policy assignment delete -n clients", done),
    ("policy set-definition delete -n clients-set", done),
    ("policy definition delete -n clients", done),
    ("policy definition show -n clients", missing),
    ("policy remediation list", empty),
    ("policy metadata list", empty),
]

MONITOR = [
    ("monitor log-analytics workspace list --subscription {OWN}", some(lambda w: w["name"] == "bartizan" and w["customerId"])),
    ("monitor log-analytics workspace show -g bartizan -n bartizan --subscription {OWN}", holds(lambda w: w["provisioningState"] == "Succeeded")),
    (f"monitor log-analytics workspace table list {WORKSPACE}", some(lambda t: t["name"] == "SecurityEvent")),
    (f"monitor log-analytics workspace table show {WORKSPACE} -n SecurityEvent", holds(lambda t: any(c["name"] == "EventID" for c in t["schema"]["standardColumns"]))),
    ("monitor log-analytics workspace get-schema -g bartizan -n bartizan --subscription {OWN}", holds(lambda s: any(c["name"] == "TimeGenerated" for c in s["value"]))),
    ("monitor log-analytics workspace get-shared-keys -g bartizan -n bartizan --subscription {OWN}", holds(lambda k: len(k["primarySharedKey"]) > 40)),
    ("monitor log-analytics workspace get-shared-keys -g rg-ops -n law-kh", refused("ResourceNotFound")),
    (f"monitor log-analytics workspace pack list {WORKSPACE}", empty),
    (f"monitor log-analytics workspace saved-search list {WORKSPACE}", done),
    ("monitor activity-log list", done),
]

REST = [
    ("rest --method get --url /subscriptions?api-version=2022-12-01", holds(lambda a: len(a["value"]) >= 3)),
    (f"rest --method get --url {ARM}/assessments?api-version=2021-06-01", holds(lambda a: a["value"] and a["nextLink"])),
    ('rest --method post --url /providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01 --body "{\\"query\\":\\"Resources | summarize n = count() by type | top 3 by n\\"}"',
     holds(lambda a: a["count"] == 3 and a["data"][0]["n"] > 0)),
    (f"rest --method get --url {SENTINEL}/incidents?api-version=2023-02-01", holds(lambda a: isinstance(a["value"], list))),
    (f"rest --method get --url {SENTINEL}/alertRules?api-version=2023-02-01", holds(lambda a: isinstance(a["value"], list))),
    ("rest --method get --url /subscriptions/{S}/providers/Microsoft.Authorization/roleDefinitions?api-version=2022-04-01", holds(lambda a: any(r["properties"]["roleName"] == "Reader" for r in a["value"]))),
    ("rest --method get --url /subscriptions/{S}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01", holds(lambda a: a["value"][0]["properties"]["principalId"])),
    ("rest --method get --url /subscriptions/{S}/resources", refused("MissingApiVersionParameter")),
    ("rest --method get --url //subscriptions/{S}/resourcegroups?api-version=2021-04-01", holds(lambda a: a["value"])),
]

# What is configured is given back as it was set, and groups, locks, tables and saved searches are really written.
WRITES = [
    ("account management-group entities list", holds(lambda a: any(e["type"] == "/subscriptions" for e in a))),
    ("security pricing create -n VirtualMachines --tier standard", holds(lambda a: a["pricingTier"] == "Standard")),
    ("security pricing show -n VirtualMachines", holds(lambda a: a["pricingTier"] == "Standard")),
    ("security contact create -n default1 --email ana@example.org --alert-notifications on --alerts-admins on", holds(lambda a: a["email"] == "ana@example.org")),
    ("security contact list", holds(lambda a: [c["name"] for c in a] == ["default1"])),
    ("security contact delete -n default1", done),
    ("security auto-provisioning-setting update -n default --auto-provision Off", holds(lambda a: a["autoProvision"] == "Off")),
    ("security setting show -n MCAS", holds(lambda a: a["enabled"] is False)),
    ("group create -n az-writes -l westeurope --tags a=b", holds(lambda a: a["tags"] == {"a": "b"})),
    ("group lock create -g az-writes -n keep --lock-type CanNotDelete", holds(lambda a: a["level"] == "CanNotDelete")),
    ("group delete -n az-writes -y", refused("ScopeLocked")),
    ("group lock delete -g az-writes -n keep", done),
    ("group delete -n az-writes -y", done),
    ("monitor log-analytics workspace table create -g bartizan --workspace-name bartizan -n Doors_CL --columns Door=string TimeGenerated=datetime --subscription {OWN}",
     holds(lambda a: any(c["name"] == "Door" for c in a["schema"]["columns"]))),
    ("monitor log-analytics workspace saved-search create -g bartizan --workspace-name bartizan -n doors --category c --display-name d -q Doors_CL --subscription {OWN}",
     holds(lambda a: a["query"] == "Doors_CL")),
    ("monitor log-analytics workspace saved-search delete -g bartizan --workspace-name bartizan -n doors -y --subscription {OWN}", done),
    ("group export -n rg-data", holds(lambda a: any(r["type"] == "Microsoft.Compute/disks" and r["name"] == "vm-etl-os" and "id" not in r for r in a["resources"]))),
    ("group export -n nothing", missing),
    ("group create -n az-spelling -l westeurope", holds(lambda a: "/resourceGroups/" in a["id"])),
    ("group delete -n az-spelling -y", done),
    ("security location show -n nowhere", missing),
    (f"security assessment create -n {TOLD} --status-code Unhealthy", missing),
    (f"security assessment-metadata create -n {TOLD} --display-name Told --severity Medium --description d", holds(lambda a: a["assessmentType"] == "CustomerManaged")),
    (f"security assessment-metadata list --query \"[?name=='{TOLD}'].displayName\"", holds(lambda a: a == ["Told"])),
    (f"security assessment create -n {TOLD} --status-code unhealthy --status-cause c --assessed-resource-id {DISK}", holds(lambda a: a["status"]["code"] == "Unhealthy" and a["displayName"] == "Told")),
    (f"security assessment show -n {TOLD} --assessed-resource-id {DISK}", holds(lambda a: a["status"]["cause"] == "c")),
    (f"security assessment list --query \"[?name=='{TOLD}'].status.code\"", holds(lambda a: a == ["Unhealthy"])),
    (f"security assessment delete -n {TOLD} --assessed-resource-id {DISK}", done),
    (f"security assessment show -n {TOLD} --assessed-resource-id {DISK}", missing),
    (f"security assessment-metadata delete -n {TOLD}", done),
    ("security assessment-metadata delete -n 2ceaa635-4b7a-8359-879e-7f63ebf9e0a8", refused("BuiltInAssessment")),
    ("policy state list --management-group {TENANT} --top 2", holds(lambda found: len(found) == 2)),
    ("rest --method post --url /providers/Microsoft.Management/managementGroups/{TENANT}/providers/Microsoft.PolicyInsights/policyStates/latest/summarize?api-version=2019-10-01",
     holds(lambda s: s["value"][0]["results"]["nonCompliantResources"] > 0)),
    ('policy definition create -n az-identity --rules "{\\"if\\":{\\"field\\":\\"location\\",\\"equals\\":\\"x\\"},\\"then\\":{\\"effect\\":\\"audit\\"}}"', done),
    ("policy assignment create -n az-identity --policy az-identity --mi-system-assigned -l westeurope", holds(lambda a: a["identity"]["type"] == "SystemAssigned" and a["identity"]["principalId"])),
    ("policy assignment identity show -n az-identity", holds(lambda a: a["type"] == "SystemAssigned")),
    ("policy assignment identity remove -n az-identity", done),
    ('policy assignment create -n az-surplus --policy az-identity -p "{\\"nothing\\":{\\"value\\":1}}"', refused("UndefinedPolicyParameter")),
    ("policy assignment delete -n az-identity", done),
    ("policy definition delete -n az-identity", done),
    ('monitor log-analytics workspace saved-search create -g bartizan --workspace-name bartizan -n az-function --category c --display-name d -q "SecurityEvent | take n" --fa AzFunction --fp n:int=1 --subscription {OWN}',
     holds(lambda a: a["functionAlias"] == "AzFunction")),
    ('rest --method post --url /v1/subscriptions/{OWN}/resourceGroups/bartizan/providers/Microsoft.OperationalInsights/workspaces/bartizan/query --body "{\\"query\\":\\"AzFunction(3) | count\\"}"', holds(lambda a: a["tables"][0]["rows"][0][0] <= 3)),
    ("monitor log-analytics workspace saved-search delete -g bartizan --workspace-name bartizan -n az-function -y --subscription {OWN}", done),
    ("monitor log-analytics workspace table delete -g bartizan --workspace-name bartizan -n Doors_CL -y --subscription {OWN}", refused("TableDeletionNotSupported")),
    ("monitor diagnostic-settings subscription list", holds(lambda a: a["value"] == [])),
    ("feature list", holds(lambda a: a == [])),
    ("advisor recommendation list", holds(lambda a: a == [])),
]

COMMANDS = ACCOUNT + GROUP + RESOURCE + SECURITY + POLICIES + MONITOR + WRITES + REST
