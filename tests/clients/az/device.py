"""`az login --use-device-code`, confirmed by a person in a browser's place."""
import html
import http.cookiejar
import json
import os
import re
import ssl
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

NAME, PASSWORD = "device@bartizan.example", "a long enough passphrase 4 devices"


class Browser:
    """Follows links and sends forms, with cookies and the hidden fields of the page before."""

    def __init__(self):
        trust = ssl.create_default_context(cafile=os.environ["REQUESTS_CA_BUNDLE"])
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust), urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        self.opener.addheaders = [("Accept", "text/html")]
        self.page = self.address = ""

    def open(self, address, fields=None):
        body = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            answer = self.opener.open(urllib.request.Request(address, body, {"Origin": origin(address), "Sec-Fetch-Site": "same-origin"}), timeout=60)
        except urllib.error.HTTPError as fault:
            raise RuntimeError(f"{address} answered {fault.code}: {fault.read()[:300]}") from fault
        self.page, self.address = answer.read().decode(), answer.geturl()

    def send(self, **fields):
        form = re.search(r'<form[^>]*action="([^"]*)"', self.page)
        hidden = {}
        for tag in re.findall(r"<input[^>]*>", self.page):
            name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
            if name and value:
                hidden[name.group(1)] = html.unescape(value.group(1))
        self.open(urllib.parse.urljoin(self.address, html.unescape(form.group(1))), hidden | fields)


def origin(address):
    parts = urllib.parse.urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def login_by_device(link, settings):
    browser = Browser()
    browser.open(link)
    browser.send(userName=NAME, password=PASSWORD, again=PASSWORD)
    with tempfile.TemporaryDirectory(prefix="bartizan-az-") as folder:
        environment = os.environ | settings | {"AZURE_CONFIG_DIR": folder}
        for command in (["register", "-n", "bartizan", "--endpoint-resource-manager", origin(link)], ["set", "-n", "bartizan"]):
            subprocess.run(["az", "cloud", *command], env=environment, capture_output=True, timeout=120, check=True)
        with subprocess.Popen(["az", "login", "--use-device-code"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as login:
            said = ""
            for line in login.stderr:
                said += line
                told = re.search(r"(https://\S+) .*?code ([A-Z0-9-]+)", line)
                if told:
                    confirm(browser, told.group(1), told.group(2))
                    break
            out, rest = login.communicate(timeout=120)
            if login.returncode != 0:
                raise RuntimeError(f"az login ended with {login.returncode}: {said}{rest}"[:900])
        if not any(s["user"] == {"name": NAME, "type": "user"} and s["name"] == "kh-production" for s in json.loads(out)):
            raise RuntimeError(f"az login found {out[:300]}")
        shown = subprocess.run(["az", "group", "list", "--subscription", "kh-production"], env=environment, capture_output=True, text=True, timeout=120, check=False)
        if shown.returncode != 0 or '"rg-data"' not in shown.stdout:
            raise RuntimeError(f"az group list: {shown.stderr[-300:]}")


def confirm(browser, page, code):
    browser.open(page)
    if code not in browser.page:
        browser.send(user_code=code)
    else:
        browser.send()
    if "terminal" not in browser.page and "<form" in browser.page:
        browser.send()
    if "Go back to your terminal" not in browser.page:
        raise RuntimeError(f"the device page says {re.sub('<[^>]+>', ' ', browser.page)[-300:]}")
