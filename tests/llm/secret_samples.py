"""Made-up secrets, put together when a test runs, so that no scanner takes this file for a leak.

Each sample is a text and the parts of it that must not remain. Three sets: shapes that the rules
were written for; shapes that were written down before the rules saw them; and shapes that were
written down after the rules had been mended for the second set, and have not been used since.
"""

import base64
import random
import string
from collections.abc import Callable
from dataclasses import dataclass

BASE62 = string.ascii_letters + string.digits
BASE64 = f"{BASE62}+/"
HEX = "0123456789abcdef"
BASE32 = f"{string.ascii_uppercase}234567"


@dataclass(frozen=True)
class Sample:
    text: str
    secrets: tuple[str, ...]


class Chance:
    """Draws texts; the same seed gives the same secrets."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - repeatable, not a secret

    def draw(self, count: int, letters: str = BASE62) -> str:
        """Figures are among any longer text, as chance would have it nearly always."""
        text = "".join(self._random.choice(letters) for _ in range(count))
        if count >= 16 and "7" in letters:
            middle = count // 2
            text = f"{text[:middle]}7{text[middle + 1 :]}"
        return text

    def word(self) -> str:
        return self._random.choice(["Blau", "Orca", "Winter", "Mango", "Delta"])


Make = Callable[[Chance], Sample]


def one(template: str, count: int = 32, letters: str = BASE62, *, head: str = "") -> Make:
    """Make a sample with one secret: `head` is how it always begins, the rest is chance."""

    def make(chance: Chance) -> Sample:
        secret = head + chance.draw(count, letters)
        return Sample(template.replace("@@", secret), (secret,))

    return make


def said(template: str, secret: str) -> Make:
    """Make a sample with a secret that a person chose."""
    return lambda chance: Sample(template.replace("@@", secret), (secret,))


def pem(title: str, before: str = "", after: str = "", joint: str = "\n") -> Make:
    """Make a sample with a private key of several lines."""

    def make(chance: Chance) -> Sample:
        lines = [chance.draw(64, BASE64) for _ in range(5)] + [chance.draw(20, BASE64)]
        begin, end = f"{'-' * 5}BEGIN {title}{'-' * 5}", f"{'-' * 5}END {title}{'-' * 5}"
        text = before + joint.join([begin, *lines, end]) + after
        return Sample(f"first = 1\n{text}\nlast = 2\n", tuple(lines))

    return make


def jwt(chance: Chance) -> Sample:
    parts = [
        base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("="),
        base64.urlsafe_b64encode(b'{"role":"service","exp":2048000000}').decode().rstrip("="),
        chance.draw(43),
    ]
    return Sample(f'KEY = "{".".join(parts)}"', (".".join(parts), parts[2]))


def putty(chance: Chance) -> Sample:
    lines = tuple(chance.draw(64, BASE64) for _ in range(3))
    return Sample("\n".join(["Private-Lines: 3", *lines, "Private-MAC: 00"]), lines)


KNOWN: dict[str, Make] = {
    "aws access key": one("id = @@", 16, BASE32, head="AK" + "IA"),
    "aws secret key": one('aws_secret_access_key = "@@"', 40, BASE64),
    "google api key": one("<script src='https://maps.example/js?key=@@'>", 35, head="AI" + "za"),
    "google client secret": one('"client_secret": "@@"', 28, head="GOC" + "SPX-"),
    "github token": one("git clone https://x:@@@github.com/a/b", 36, head="gh" + "p_"),
    "github fine-grained": one("token: @@", 70, head="github_" + "pat_"),
    "gitlab token": one("PRIVATE-TOKEN: @@", 20, head="gl" + "pat-"),
    "openai": one('client = OpenAI(api_key="@@")', 48, head="sk-" + "proj-"),
    "anthropic": one("export K=@@", 93, head="sk-" + "ant-api03-"),
    "slack": one('post(x, "@@")', 40, head="xo" + "xb-"),
    "slack webhook": one('url = "https://hooks.slack.com/services/@@"', 44, BASE62 + "/"),
    "stripe": one('require("stripe")("@@")', 24, head="sk_" + "live_"),
    "sendgrid": one("k = '@@'", 43, head="S" + "G.aaaaaaaaaaaaaaaaaaaa22."),
    "npm": one("//registry.npmjs.org/:_authToken=@@", 36, head="np" + "m_"),
    "pypi": one("password = @@", 60, head="py" + "pi-AgEI"),
    "hugging face": one("login(token='@@')", 34, string.ascii_letters, head="h" + "f_"),
    "telegram": one("bot(@@)", 33, head="12345678:" + "AA"),
    "digital ocean": one('t = "@@"', 64, HEX, head="do" + "p_v1_"),
    "jwt": jwt,
    "rsa key": pem("RSA PRIVATE " + "KEY", 'KEY = """', '"""'),
    "key in json": pem("PRIVATE " + "KEY", '{"private_key": "', '\\n"}', "\\n"),
    "openssh key": pem("OPENSSH PRIVATE " + "KEY"),
    "database url": one("DATABASE_URL=postgresql://app:@@@db.internal:5432/prod", 14),
    "redis url": one('REDIS_URL = "redis://:@@@cache:6379/0"', 16),
    "password": one('password = "@@"', 12),
    "weak password": said('db_password = "@@"', "Winter2026!"),
    "env file": one("SMTP_PASSWORD=@@", 16),
    "secret key": one('SECRET_KEY = "@@"', 64, HEX),
    "bearer": one("headers: { 'Authorization': 'Bearer @@' }", 40),
    "azure connection": one('c = "AccountName=x;AccountKey=@@==;EndpointSuffix=y"', 86, BASE64),
    "access token in a query": one("https://api.example/v1?access_token=@@&x=1", 30),
    "curl": said("curl -u bob:@@ https://api.example", "Blau77!x"),
    "typed": said('password: str = "@@"', "hunter2!"),
}

HELD_OUT: dict[str, Make] = {
    "js object": one("const c = { apiToken: '@@', retries: 3 };", 24, HEX),
    "properties": said("spring.datasource.password=@@", "Tr0ub4dor&3"),
    "yaml quoted": said('db:\n  password: "@@"', "p4ssw0rd!"),
    "compose list": said("  - MYSQL_ROOT_PASSWORD=@@", "s3cr3tpw"),
    "netrc": said("machine api.example login bob password @@", "Orca12x"),
    "kubernetes secret": one("data:\n  db-password: @@==", 22),
    "terraform": said('  master_password = "@@"', "Mango-9931"),
    "go bytes": said('var jwtKey = []byte("@@")', "my_s3cr3t_k3y_2019"),
    "php define": said("define('DB_PASSWORD', '@@');", "wp!9xKq2"),
    "wordpress salt": one("define('AUTH_KEY', '@@');", 64, BASE62 + "!#%&()*+,-./:;<=>?@[]^_{|}~"),
    "rails": one('config.secret_key_base = "@@"', 128, HEX),
    "env default": one('ENV.fetch("PAYMENT_TOKEN", "@@")', 24),
    "getenv default": one('key = os.getenv("API_KEY", "@@")', 28),
    "connection string": said('"Server=db;User Id=sa;Password=@@;"', "P@ssw0rd123"),
    "web.config": said('<add key="SmtpPassword" value="@@" />', "Qwerty!234"),
    "maven": said("<server><id>x</id><password>@@</password></server>", "deployMe9"),
    "api key header": one('curl -H "X-Api-Key: @@" https://api.example', 32, HEX),
    "basic": one("Authorization: Basic @@=", 23),
    "sas url": one("https://x.blob.core.windows.net/c?sv=2023&sig=@@%3D", 43),
    "aws csv": one("AK" + "IAQWERTYUIOPASDF,@@", 40, BASE64),
    "bcrypt": one("INSERT INTO users VALUES ('bob', '@@');", 53, head="$2b$12$"),
    "htpasswd": one("admin:@@", 22, head="$apr1$x8k2$"),
    "uuid token": said('"token": "@@"', "8f14e45f-ceea-467f-9a3b-2c1d5e6f7a8b"),
    "comment": said("# the old password was @@, rotate it", "Blue$ky77"),
    "comment with name": said("// TODO remove: pw = '@@'", "hunter22x"),
    "hex bytes": one('key = bytes.fromhex("@@")', 64, HEX),
    "byte array": said("byte[] key = { @@ };", "0x1f, 0x8b, 0x22, 0x9c, 0x7d, 0x01, 0xfe, 0x40"),
    "fernet": one('f = Fernet(b"@@=")', 43),
    "mnemonic": said('seed_phrase = "@@"', "abandon ability able about above absent absorb"),
    "wallet key": one("ETH_KEY=@@", 64, HEX, head="0x"),
    "key with comment signs": pem("EC PRIVATE " + "KEY", "# ", "", "\n# "),
    "key in pieces": pem("PRIVATE " + "KEY", 'k = "', '"', '\\n" +\n    "'),
    "mongo": said("mongodb+srv://root:@@@cluster0.x.mongodb.net/?w=1", "M0ng0!pw"),
    "amqp": said("broker: amqp://guest:@@@mq:5672//", "rabbit77"),
    "oracle": said("jdbc:oracle:thin:scott/@@@db:1521", "t1ger99"),
    "powershell": said('ConvertTo-SecureString "@@" -AsPlainText -Force', "P@ss2024!"),
    "kotlin": said('const val SIGNING_PASSWORD = "@@"', "android1"),
    "gradle": said("storePassword '@@'", "android77"),
    "ansible": said("ansible_become_pass: @@", "r00tme!"),
    "dockerfile": one("ENV API_TOKEN @@", 20),
    "swift": one('let apiSecret: String = "@@"', 20),
    "rust": one('let token: &\'static str = "@@";', 20),
    "template literal": said("const pw = `@@`;", "n0t-so-secret"),
    "positional": said('session.login("admin", "@@")', "S3cure!pass"),
    "two values": said('user, password = "bob", "@@"', "xK9!mango"),
    "lowercase base32": one('otp = "@@"', 32, "abcdefghijklmnopqrstuvwxyz234567"),
}

LAST: dict[str, Make] = {
    "ini": said("[db]\nuser = x\npass = @@\n", "s0mething!"),
    "auth pair": said('requests.post(url, auth=("svc", "@@"))', "Kx8!vv2p"),
    "app password": said("imap.login('me@x.example', '@@')", "abcd efgh ijkl mnop"),
    "putty": putty,
    "web key": one('{"kty": "RSA", "e": "AQAB", "d": "@@"}', 86, BASE62 + "-_"),
    "cloudflare": one("CF_API_TOKEN=@@", 40, BASE62 + "-_"),
    "datadog": one("  DD_API_KEY: @@", 32, HEX),
    "twilio": one('client = Client(account_sid, "@@")', 32, HEX),
    "cookie": one("Cookie: sessionid=@@; theme=dark", 32, BASE62[:36]),
    "mailchimp": one('mc = Mailchimp("@@-us6")', 32, HEX),
    "positional key": one("algoliasearch('B1G2GM9NG0', '@@')", 32, HEX),
    "openssl": said("openssl enc -aes-256-cbc -k @@ -in x", "mypassw0rd77"),
    "pgpassword": said("PGPASSWORD=@@ psql -h db", "xyz77kk"),
    "redis-cli": said("redis-cli -h cache -a @@ ping", "s3cret77"),
    "smtp login": said('smtp.login(user, "@@")', "p@ss2023word"),
    "firebase": one("VITE_FIREBASE_API_KEY=@@", 35, head="AI" + "za"),
    "object": said("const c = { username: 'a', password: '@@' }", "b4n4n4s"),
    "java constant": said('private static final String AES_KEY = "@@";', "Ab3dEf9hIjKlMn0p"),
    "key spec": said('new SecretKeySpec("@@".getBytes(), "AES")', "ThisIsA16ByteKey"),
    "connection attribute": said('<add connectionString="Server=x;Uid=u;Pwd=@@;" />', "Zebra!42"),
    "token header": one('"Authorization": "Token @@"', 40, HEX),
    "git remote": one("url = https://oauth2:@@@gitlab.example/a/b.git", 20, head="gl" + "pat-"),
    "plist": one("<key>apiSecret</key><string>@@</string>", 40),
    "alter user": said("ALTER USER app WITH ENCRYPTED PASSWORD '@@';", "x9x9!kk"),
    "docker login": said("docker login -u a -p @@ registry.example", "dckr77xyz"),
    "discord": one("https://discord.com/api/webhooks/123456789012345678/@@", 68),
    "wifi": said('network={ ssid="home" psk="@@" }', "correct77horse"),
    "vault": one("VAULT_TOKEN=@@", 90, head="hv" + "s."),
    "kubectl": said("kubectl create secret generic x --from-literal=password=@@", "s3cr3tt9"),
    "notebook": one('"source": ["openai.api_key = \\"@@\\"\\n"]', 40),
}
