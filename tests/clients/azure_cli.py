#!/usr/bin/python3
"""The Azure CLI of Debian against a running server with the sample estate.

Reads AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID and AZURE_AUTHORITY_HOST, as
`bartizan service-principal create --output env` prints them, and REQUESTS_CA_BUNDLE for the server's authority. The cloud is registered
and the login made by `az` itself; the commands then run in this one interpreter, because starting `az` anew takes seconds each time.
With FIRST_ADMINISTRATOR (the link that a new server prints) a person is made, who logs in by device code too.
Each command asserts content; ends with 1 when any fails. An argument runs only the commands that hold it.
"""
import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
import tempfile

from az.commands import COMMANDS
from az.device import login_by_device

SETTINGS = {
    "AZURE_CORE_COLLECT_TELEMETRY": "no",
    "AZURE_CORE_CHECK_FOR_UPGRADE": "no",
    "AZURE_CORE_USE_MSAL_HTTP_CACHE": "false",
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
    # Whatever is not on this machine fails at once, rather than after a wait.
    "HTTPS_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "localhost,127.0.0.1",
}


def az(*arguments):
    done = subprocess.run(["az", *arguments], capture_output=True, text=True, timeout=240, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"az {arguments[0]} {arguments[1]} ended with {done.returncode}: {done.stderr[-600:]}")
    return json.loads(done.stdout) if done.stdout.strip() else None


def login():
    host = os.environ["AZURE_AUTHORITY_HOST"]
    az("cloud", "register", "-n", "bartizan", "--endpoint-resource-manager", host)
    az("cloud", "set", "-n", "bartizan")
    secret = os.environ["AZURE_CLIENT_SECRET"]
    found = az("login", "--service-principal", "-u", os.environ["AZURE_CLIENT_ID"], f"-p={secret}", "--tenant", os.environ["AZURE_TENANT_ID"])
    return {s["name"]: s["id"] for s in found}


def run(cli, line, names):
    out, err = io.StringIO(), io.StringIO()
    for name, value in names.items():
        line = line.replace("{" + name + "}", value)
    with contextlib.redirect_stderr(err):
        try:
            code = cli.invoke(shlex.split(line), out_file=out)
        except SystemExit as end:
            code = end.code
    text = out.getvalue()
    try:
        answer = json.loads(text) if text.strip() else None
    except ValueError:
        answer = text.strip()
    return code, answer, f"{getattr(cli.result, 'error', None) or ''} {err.getvalue()}"


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.update(SETTINGS)
    with tempfile.TemporaryDirectory(prefix="bartizan-az-") as folder:
        os.environ["AZURE_CONFIG_DIR"] = folder
        subscriptions = login()
        names = {"S": subscriptions["kh-production"], "OWN": os.environ["AZURE_SUBSCRIPTION_ID"], "TENANT": os.environ["AZURE_TENANT_ID"]}
        from azure.cli.core import get_default_cli

        cli, good, bad = get_default_cli(), 0, []
        for line, check in COMMANDS:
            if wanted not in line:
                continue
            code, answer, err = run(cli, line, names)
            try:
                good_answer = check(code, answer, err, names)
            except (KeyError, IndexError, TypeError, AttributeError) as fault:
                good_answer, err = False, f"{type(fault).__name__} {fault}; {err}"
            if good_answer:
                good += 1
            else:
                bad.append(line)
                print(f"FAILED az {line}: ended with {code}, {json.dumps(answer)[:300]} {err[-400:]}", flush=True)

    link = os.environ.get("FIRST_ADMINISTRATOR")
    if link and not wanted:
        try:
            login_by_device(link, SETTINGS)
            good += 1
        except (RuntimeError, OSError) as fault:
            bad.append("login --use-device-code")
            print(f"FAILED az login --use-device-code: {fault}")
    print(f"{good} commands passed, {len(bad)} failed.")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
