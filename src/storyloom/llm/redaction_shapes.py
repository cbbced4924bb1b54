"""Secrets that can be told by their looks: issued keys and tokens, addresses and commands.

Every pattern starts at few places and reaches a bounded way from each, so that no text, however
made, takes time that grows faster than its length. Groups named `v` are what is taken out.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache


class SecretKind(StrEnum):
    """What a finding is; the value is its name for a person."""

    PRIVATE_KEY = "private key"
    AWS_ACCESS_KEY = "AWS access key"
    GOOGLE_API_KEY = "Google API key"
    GOOGLE_OAUTH = "Google OAuth secret"
    AZURE_KEY = "Azure key"
    GITHUB_TOKEN = "GitHub token"  # noqa: S105 - a name
    GITLAB_TOKEN = "GitLab token"  # noqa: S105
    OPENAI_KEY = "OpenAI key"
    ANTHROPIC_KEY = "Anthropic key"
    SLACK_TOKEN = "Slack token"  # noqa: S105
    STRIPE_KEY = "Stripe key"
    SENDGRID_KEY = "SendGrid key"
    TELEGRAM_TOKEN = "Telegram token"  # noqa: S105
    DISCORD_TOKEN = "Discord token"  # noqa: S105
    JWT = "JSON web token"
    WEBHOOK = "webhook address"
    ISSUED_TOKEN = "issued token"  # noqa: S105
    URL_PASSWORD = "password in an address"  # noqa: S105
    QUERY_SECRET = "secret in an address"  # noqa: S105
    CLI_PASSWORD = "password in a command"  # noqa: S105
    PASSWORD_HASH = "password hash"  # noqa: S105
    BEARER = "authorization header"
    ASSIGNED_SECRET = "assigned secret"  # noqa: S105
    OPAQUE_TEXT = "long opaque text"


@dataclass(frozen=True, slots=True)
class Shape:
    """A pattern, and texts of which one must stand in the source for it to be tried at all."""

    kind: SecretKind
    source: str
    signs: tuple[str, ...] = ()
    wordy: bool = False  #: whether words and names have the same shape
    flags: re.RegexFlag = re.ASCII

    @property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, made when it is first tried: all of them take 30 ms."""
        return _compiled(self.source, self.flags)


@cache
def _compiled(source: str, flags: re.RegexFlag) -> re.Pattern[str]:
    return re.compile(source, flags)


_FLAGS = re.ASCII | re.IGNORECASE | re.MULTILINE


def _shape(kind: SecretKind, *signs: str, v: str) -> Shape:
    """Make the shape of a token that stands alone: no letter or figure right before it."""
    return Shape(kind, rf"(?<![A-Za-z0-9])(?P<v>{v})", signs)


def _context(kind: SecretKind, *signs: str, pattern: str, wordy: bool = False) -> Shape:
    """Make the shape of a secret that is told by what stands around it."""
    return Shape(kind, pattern, signs, wordy, _FLAGS)


_K = SecretKind
ISSUED: tuple[Shape, ...] = (
    # AKIA, ASIA (temporary), ABIA, ACCA and 16 characters of base 32
    _shape(_K.AWS_ACCESS_KEY, "AKIA", "ASIA", "ABIA", "ACCA",
           v=r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    # Bedrock's: ABSK and base64
    _shape(_K.AWS_ACCESS_KEY, "ABSK", v=r"ABSK[A-Za-z0-9+/]{40,400}=*"),
    # AIza and 35 characters; the newer AQ. and at least 30
    _shape(_K.GOOGLE_API_KEY, "AIza", v=r"AIza[\w-]{35}"),
    _shape(_K.GOOGLE_API_KEY, "AQ.Ab", v=r"AQ\.Ab[\w-]{30,200}"),
    # access tokens, refresh tokens, client secrets
    _shape(_K.GOOGLE_OAUTH, "ya29.", v=r"ya29\.[\w.-]{20,500}"),
    _shape(_K.GOOGLE_OAUTH, "1//0", v=r"1//0[\w-]{30,200}"),
    _shape(_K.GOOGLE_OAUTH, "GOCSPX-", v=r"GOCSPX-[\w-]{20,60}"),
    # personal, OAuth, user, server, refresh; fine-grained
    _shape(_K.GITHUB_TOKEN, "ghp_", "gho_", "ghu_", "ghs_", "ghr_", v=r"gh[pousr]_\w{30,400}"),
    _shape(_K.GITHUB_TOKEN, "github_pat_", v=r"github_pat_\w{22,255}"),
    # glpat-, gldt-, glrt-, glcbt-, glptt-, glft-, glsoat-, glagent- ...
    _shape(_K.GITLAB_TOKEN, "gl", v=r"gl(?:pat|dt|rtr?|cbt|ptt|ft|soat|imt|agent|oas)-[\w.-]{20,300}"),
    _shape(_K.GITLAB_TOKEN, "GR1348941", v=r"GR1348941[\w-]{20,60}"),
    _shape(_K.ANTHROPIC_KEY, "sk-ant-", v=r"sk-ant-[\w-]{20,300}"),
    # sk-, sk-proj-, sk-svcacct-, and what its imitators issue; at least one figure
    _shape(_K.OPENAI_KEY, "sk-", v=r"sk-(?=[\w-]{0,40}\d)[\w-]{20,300}"),
    # bot, user, app, refresh, legacy; app-level; configuration
    _shape(_K.SLACK_TOKEN, "xox", "xapp-", "xoxe", v=r"(?:xox[a-z]|xapp|xoxe\.xox[bp])-[\w-]{10,300}"),
    # secret, restricted and publishable keys; webhook secrets
    _shape(_K.STRIPE_KEY, "_live_", "_test_", v=r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,200}"),
    _shape(_K.STRIPE_KEY, "whsec_", v=r"whsec_[A-Za-z0-9+/=]{20,100}"),
    _shape(_K.SENDGRID_KEY, "SG.", v=r"SG\.[\w-]{16,40}\.[\w-]{16,80}"),
    # a bot's number, a colon, AA and 33 characters
    _shape(_K.TELEGRAM_TOKEN, ":AA", v=r"\d{8,10}:AA[\w-]{30,40}"),
    # a user's number in base64, a time, a signature
    _shape(_K.DISCORD_TOKEN, ".", v=r"[MNO][A-Za-z0-9]{22,28}\.[\w-]{6}\.[\w-]{27,45}"),
    # three parts in base64, the first two JSON objects; encrypted ones have five, some empty
    _shape(_K.JWT, "eyJ", v=r"eyJ[\w-]{8,2000}+\.(?:eyJ[\w-]{4,8000}+\.[\w-]{8,2000}|[\w-]{0,2000}+(?:\.[\w-]{8,4000}+){3})"),
    # crypt, bcrypt, Argon2: $2b$12$..., $apr1$...
    _shape(_K.PASSWORD_HASH, "$", v=r"\$(?:2[abxy]?|apr1|[156y]|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,10})\$[\w./$=,+-]{20,300}"),
    # addresses that need nothing else to be written to
    _shape(_K.WEBHOOK, "hooks.slack.com", v=r"https://hooks\.slack\.com/[a-z]{4,20}/[\w/+-]{20,200}"),
    _shape(_K.WEBHOOK, "/api/webhooks/", v=r"https://[\w.]{4,40}/api/webhooks/\d{10,30}/[\w-]{20,200}"),
    _shape(_K.WEBHOOK, "webhook.office.com", "logic.azure.com",
           v=r"https://[\w.-]{1,100}(?:webhook\.office|logic\.azure)\.com[\w/@:?&=%.-]{20,500}"),
    _shape(_K.WEBHOOK, "ingest", v=r"https://[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.-]{0,60}ingest[\w.-]{1,60}/\d{1,20}"),
)  # fmt: skip

#: Tokens of many issuers that begin with a name of theirs: the name, and how the rest looks.
_NAMED = {
    r"dckr_(?:pat|oat)_": r"[\w-]{20,100}",  # Docker
    r"npm_": r"[A-Za-z0-9]{30,60}",
    r"pypi-": r"[\w-]{50,300}",
    r"rubygems_": r"[a-f0-9]{40,60}",
    r"hf_": r"[A-Za-z0-9]{30,60}",  # Hugging Face
    r"r8_": r"[A-Za-z0-9]{30,50}",  # Replicate
    r"gsk_": r"[A-Za-z0-9]{40,80}",  # Groq
    r"xai-": r"[A-Za-z0-9]{40,120}",
    r"pplx-": r"[A-Za-z0-9]{40,80}",  # Perplexity
    r"pcsk_": r"\w{40,120}",  # Pinecone
    r"do[opr]_v1_": r"[a-f0-9]{40,80}",  # DigitalOcean
    r"shp(?:at|ca|pa|ss|ua)_": r"[a-fA-F0-9]{32}",  # Shopify
    r"ATATT3|ATCTT3|ATBB": r"[\w=-]{30,300}",  # Atlassian
    r"lin_(?:api|oauth)_": r"[A-Za-z0-9]{30,80}",  # Linear
    r"secret_|ntn_": r"[A-Za-z0-9]{40,60}",  # Notion
    r"figd_": r"[\w-]{35,60}",  # Figma
    r"glc_|glsa_": r"[\w+/=-]{30,300}",  # Grafana
    r"dapi": r"[a-f0-9]{32}(?:-\d)?",  # Databricks
    r"sbp_|sb_secret_": r"[\w-]{20,60}",  # Supabase
    r"vercel_|vc[a-z]_": r"[A-Za-z0-9]{24,60}",
    r"nfp_": r"[A-Za-z0-9]{36,60}",  # Netlify
    r"fo1_|FlyV1 fm\d_": r"[\w+/=,-]{40,800}",  # Fly.io
    r"HRKU-": r"[\w-]{36,80}",  # Heroku
    r"tfp_|tskey-[a-z]{3,10}-": r"[\w-]{20,80}",  # Terraform's registry, Tailscale
    r"[A-Za-z0-9]{14}\.atlasv1\.": r"[\w-]{50,100}",  # Terraform Cloud
    r"hv[sbr]\.": r"[\w-]{24,300}",  # HashiCorp Vault
    r"dp\.(?:pt|st|ct|sa|scim|audit)\.": r"[\w.-]{36,80}",  # Doppler
    r"pul-": r"[a-f0-9]{40}",  # Pulumi
    r"NRAK-|NRII-|NRJS-": r"[\w-]{19,60}",  # New Relic
    r"sntry[su]_": r"[\w+/=-]{40,300}",  # Sentry
    r"ph[cx]_": r"[A-Za-z0-9]{32,60}",  # PostHog
    r"key-": r"[a-f0-9]{32}",  # Mailgun
    r"re_": r"(?=[A-Za-z]{0,30}\d)[A-Za-z0-9]{6,12}_[A-Za-z0-9]{18,40}",  # Resend
    r"xkeysib-": r"[a-f0-9]{64}-[A-Za-z0-9]{16}",  # Brevo
    r"md-": r"[\w-]{22}(?![\w-])",  # Mandrill
    r"AC|SK": r"[a-f0-9]{32}(?![A-Za-z0-9])",  # Twilio
    r"sq0[a-z]{3}-|EAAA[A-Za-z]": r"[\w-]{22,100}",  # Square
    r"EAA": r"[A-Za-z0-9]{60,300}",  # Facebook
    r"access_token\$(?:production|sandbox)\$": r"[a-z0-9]{16}\$[a-f0-9]{32}",  # Braintree
    r"rzp_(?:live|test)_": r"[A-Za-z0-9]{14,40}",  # Razorpay
    r"AGE-SECRET-KEY-1": r"[A-Z0-9]{50,60}",
    r"PMAK-": r"[a-f0-9]{24}-[a-f0-9]{34}",  # Postman
    r"CCIPAT_|bkua_|bkat_": r"[\w-]{30,100}",  # CircleCI, Buildkite
    r"sl\.[A-Zu][\w-]|sl\.u\.": r"[\w-]{60,300}",  # Dropbox
    r"pat[A-Za-z0-9]{14}\.": r"[a-f0-9]{64}",  # Airtable
    r"pat-(?:na|eu)\d-": r"[a-f0-9-]{36}",  # HubSpot
    r"cmVmd": r"[A-Za-z0-9+/=]{40,100}",  # Artifactory
    r"AKCp": r"[A-Za-z0-9]{60,90}",
    r"oy2": r"[a-z0-9]{43}(?![a-z0-9])",  # NuGet
    r"SCW|CFPAT-|API-": r"(?=[A-Z]{0,20}\d)[A-Z0-9]{20,40}(?![A-Za-z0-9])",  # Scaleway, Octopus
    r"\dx0[A-Za-z0-9_]{0,4}AAAA": r"[\w-]{20,60}",  # reCAPTCHA, Turnstile
    r"eyJrIjoi|eyJhIjoi": r"[A-Za-z0-9+/=]{40,300}",  # Grafana's older keys, Cloudflare's tunnels
    r"AAAA[A-Za-z0-9_-]{7}:APA91b": r"[\w-]{100,200}",  # Firebase messaging
    r"LTAI": r"[A-Za-z0-9]{12,30}(?![A-Za-z0-9])",  # Alibaba
    r"AKID": r"(?=[A-Za-z]{0,30}\d)[A-Za-z0-9]{28,40}(?![A-Za-z0-9])",  # Tencent
    r"(?:live|test)_pk_|pk\.eyJ|sk\.eyJ": r"[\w.-]{20,300}",  # Mapbox
    r"xprv": r"[1-9A-HJ-NP-Za-km-z]{100,112}",  # a wallet's extended private key
}  # fmt: skip
NAMED = Shape(
    SecretKind.ISSUED_TOKEN,
    "(?<![A-Za-z0-9])(?P<v>" + "|".join(f"(?:{a}){b}" for a, b in _NAMED.items()) + ")",
)

#: Secrets between an address's or a command's other parts.
IN_CONTEXT: tuple[Shape, ...] = (
    # scheme://user:password@host
    _context(_K.URL_PASSWORD, "://",
             pattern=r"(?<![a-z0-9])[a-z][a-z0-9+.-]{1,20}://[^\s/:@'\"<>{}]{0,200}+:(?P<v>[^\s/'\"<>{}]{1,200})@"),
    # https://token@host
    _context(_K.URL_PASSWORD, "://", pattern=r"\bhttps?://(?P<v>[a-z0-9_]{20,200}+)(?::x-oauth-basic)?@"),
    # ?access_token=..., &sig=...
    _context(_K.QUERY_SECRET, "?", "&", wordy=True,
             pattern=r"[?&;](?:x-amz-)?(?:[a-z]{1,12}[_-]?)?(?:token|key|sig|signature|secret|password|passwd|pwd|auth|code|credential)"
             r"=(?P<v>[^\s&'\"<>{}()#;]{8,500})"),
    # AccountKey=, SharedAccessKey= in connection strings
    _context(_K.AZURE_KEY, "=", pattern=r"(?:AccountKey|SharedAccessKey|SharedSecret|sig)=(?P<v>[a-z0-9+/%]{30,200}=*)"),
    # curl -u user:password
    _context(_K.CLI_PASSWORD, "curl", "wget", "http",
             pattern=r"\b(?:curl|wget|https?)\b[^\n]{0,200}?\s(?:-u|--user)[ =]?['\"]?[\w.@-]{1,80}+:(?P<v>[^\s'\"$]{3,200})"),
    # mysql -ppassword, sshpass -p password
    _context(_K.CLI_PASSWORD, "mysql", "mariadb", pattern=r"\b(?:mysql|mariadb)\w{0,10}\b[^\n]{0,160}?\s-p['\"]?(?P<v>[^\s'\"$-][^\s'\"$]{3,100})"),
    _context(_K.CLI_PASSWORD, "sshpass", pattern=r"\bsshpass\s{1,4}-p\s{0,4}['\"]?(?P<v>[^\s'\"$]{3,100})"),
    _context(_K.CLI_PASSWORD, "docker", "helm", "az ", "podman",
             pattern=r"\b(?:docker|podman|helm|az)\b[^\n]{0,60}?\slogin\b[^\n]{0,100}?\s-p[ =]?['\"]?(?P<v>[^\s'\"$]{4,300})"),
    _context(_K.CLI_PASSWORD, "redis-cli", pattern=r"\bredis-cli\b[^\n]{0,100}?\s-a[ =]?['\"]?(?P<v>[^\s'\"$]{3,200})"),
    _context(_K.CLI_PASSWORD, "openssl", pattern=r"\bopenssl\b[^\n]{0,160}?\s(?:-k[ ]|-pass(?:in|out)?[ ]['\"]?pass:)['\"]?(?P<v>[^\s'\"$]{3,200})"),
    # --password x, --token=x
    _context(_K.CLI_PASSWORD, "--", pattern=r"(?<![\w-])--[a-z-]{0,20}?(?:password|passwd|token|api-?key|secret|passphrase)[ =]['\"]?(?P<v>[^\s'\"$<\[{(][^\s'\"$]{3,300})"),
    # Authorization: Bearer x
    _context(_K.BEARER, wordy=True, pattern=r"\b(?:bearer|token|apikey|bot)[ \t:]{1,4}(?P<v>[a-z0-9._~+/-]{20,2000}+=*)"),
    _context(_K.BEARER, wordy=True, pattern=r"\bbasic[ \t]{1,4}(?P<v>[a-z0-9+/]{8,500}+={0,2})(?![\w-])"),
    # machine m login l password p
    _context(_K.ASSIGNED_SECRET, "login", pattern=r"\blogin\s{1,8}\S{1,80}\s{1,8}password\s{1,8}(?P<v>\S{3,100})"),
    # IDENTIFIED BY 'password', WITH PASSWORD 'password'
    _context(_K.ASSIGNED_SECRET, pattern=r"\b(?:identified(?: with \w{1,40})? by|password)\s{1,4}(?P<q>['\"])(?P<v>[^'\"\n]{3,100})(?P=q)"),
    # the password is x
    _context(_K.ASSIGNED_SECRET, wordy=True,
             pattern=r"\b(?:password|passwd|passphrase|pwd|pin|login)\s{1,4}(?:is|was|to|now|of)\s{1,4}['\"`]?(?P<v>[^\s'\"`,;()]{5,100})"),
    # login("user", "password"), auth=("user", "password")
    _context(_K.ASSIGNED_SECRET, "(", pattern=r"(?:login|log_in|sign_?in|authenticate|auth\s{0,4}=\s{0,4}|basicauth)\(\s{0,8}"
             r"(?:['\"][^'\"\n]{1,80}['\"]|[\w.]{1,60}+)\s{0,8},\s{0,8}['\"](?P<v>[^'\"\n]{4,100})['\"]"),
    # a cookie in a header
    _context(_K.ASSIGNED_SECRET, pattern=r"\bcookie['\"]?:\s{1,4}[^\n]{0,100}?=(?P<v>[\w%.+/=-]{16,400})"),
    # ConvertTo-SecureString "password"
    _context(_K.ASSIGNED_SECRET, pattern=r"\bconvertto-securestring\s{1,8}(?:-string\s{1,8})?['\"](?P<v>[^'\"\n]{4,100})['\"]"),
    # Oracle's thin:user/password@host
    _context(_K.URL_PASSWORD, "thin:", pattern=r"\bthin:[\w.-]{1,60}+/(?P<v>[^\s@/]{3,100})@"),
    # <password>x</password>
    _context(_K.ASSIGNED_SECRET, "</",
             pattern=r"<[\w:.-]{0,40}?(?:password|passwd|passphrase|secret|token|apikey|api-key|privatekey)>(?P<v>[^<>\n]{3,300})</"),
    # ENV TOKEN x
    _context(_K.ASSIGNED_SECRET, "env", "ENV", "Env", "set", "SET", "ARG",
             pattern=r"^[ \t]{0,20}(?:env|arg|setx?)[ \t]{1,4}(?P<n>[a-z_]{0,60}(?:password|passwd|token|secret|key))[ \t]{1,4}(?P<v>[^\s=$]{4,300})$"),
    # host:port:database:user:password, as in .pgpass
    _context(_K.ASSIGNED_SECRET, pattern=r"^[\w.*-]{1,100}+:(?:\d{2,5}|\*):[\w*-]{1,60}+:[\w*.-]{1,60}+:(?P<v>[^\s:]{3,100})$"),
)  # fmt: skip
