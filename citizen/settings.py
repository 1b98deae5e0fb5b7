"""One settings file. Every CITIZEN_* variable has its line in docs/configuration.md.

Values come from the environment; the private servers of a checkout leave theirs in a file
(`.run/env`), which fills what the environment does not say. A value that can't be read stops the
start.
"""

from pathlib import Path
from typing import Any

import django_stubs_ext
from django.utils.translation import gettext_lazy as _
from environs import Env

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(
    env.str("CITIZEN_ENV_FILE", str(BASE_DIR / ".run" / "env")), recurse=False, override=False
)

# ---------------------------------------------------------------- this deployment

DEMO = env.bool("CITIZEN_DEMO", False)
SECRET_KEY = env.str("CITIZEN_SECRET_KEY")
DEBUG = env.bool("CITIZEN_DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("CITIZEN_HOSTS", ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CITIZEN_ORIGINS", [])
PUBLIC_URL = env.str("CITIZEN_PUBLIC_URL", "http://localhost:8000").rstrip("/")
HTTPS = env.bool("CITIZEN_HTTPS", False)
CLOCK = env.str("CITIZEN_CLOCK", "")
SAMPLES_DIR = Path(env.str("CITIZEN_SAMPLES", str(BASE_DIR.parent / "shared" / "data")))
TRUSTED_PROXIES = env.int("CITIZEN_TRUSTED_PROXIES", 0)
MAX_BODY_BYTES = env.int("CITIZEN_MAX_BODY_BYTES", 1_048_576)
MAX_UPLOAD_BYTES = env.int("CITIZEN_MAX_UPLOAD_BYTES", 12_582_912)

# ---------------------------------------------------------------- applications

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "channels",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "rest_framework_gis",
    "apps.base",
    "apps.accounts",
    "apps.notify",
    "apps.city",
    "devices",
    "apps.hazards",
    "apps.traffic",
    "apps.navigation",
    "apps.parking",
    "apps.drt",
    "apps.alerts",
    "apps.complaints",
    "apps.assistant",
    "citizen.demo",
]

MIDDLEWARE = [
    "apps.base.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "citizen.city_time.CityTimeMiddleware",
    "apps.base.requests.ProblemMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.admin.second_factor.SecondFactorMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "citizen.urls"
ASGI_APPLICATION = "citizen.asgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "citizen" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# ---------------------------------------------------------------- servers

DATABASE_URL = env.str("CITIZEN_DATABASE_URL")
_database: dict[str, Any] = env.dj_db_url(
    "CITIZEN_DATABASE_URL", engine="django.contrib.gis.db.backends.postgis"
)
DATABASES: dict[str, Any] = {
    "default": {
        **_database,
        # A socket folder comes as ?host=…, as libpq writes it.
        "HOST": _database.get("OPTIONS", {}).get("host", _database["HOST"]),
        # Threads come and go under ASGI: without a pool each request would open a connection.
        "OPTIONS": {"pool": {"min_size": 0, "max_size": 8, "timeout": 10}},
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": env.str("CITIZEN_TEST_DATABASE", "test_citizen")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("CITIZEN_REDIS_URL")
MQTT_URL = env.str("CITIZEN_MQTT_URL")
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "citizen",
        # Redis holds nothing that can't be lost: while it is away the city goes on without.
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 1,
            "SOCKET_TIMEOUT": 1,
        },
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # redis-py's own five-second timeout would cut idle WebSockets.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    }
}

CELERY_BROKER_URL = env.str("CITIZEN_CELERY_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"

# ---------------------------------------------------------------- people and sign-in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["apps.accounts.selectors.permissions.RoleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "apps.accounts.rest.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
# Whether an address is known is told to its owner by mail, never to whoever asks.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Citizen] "
ALLAUTH_USER_CODE_FORMAT = {"length": 6, "numeric": True, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("app",)
HEADLESS_ADAPTER = "apps.accounts.rest.adapters.HeadlessAdapter"
HEADLESS_TOKEN_STRATEGY = "apps.accounts.rest.adapters.SessionTokens"  # noqa: S105 - a path
HEADLESS_SERVE_SPECIFICATION = True
HEADLESS_SPECIFICATION_TEMPLATE_NAME = None  # its page would load scripts from elsewhere
HEADLESS_FRONTEND_URLS = {
    "account_signup": f"{PUBLIC_URL}/",
    "account_confirm_email": f"{PUBLIC_URL}/",
    "account_reset_password": f"{PUBLIC_URL}/",
    "account_reset_password_from_key": f"{PUBLIC_URL}/",
    "socialaccount_login_error": f"{PUBLIC_URL}/admin/login/",
}
MFA_ADAPTER = "apps.accounts.rest.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Citizen"
SESSION_COOKIE_AGE = 90 * 24 * 3600  # an app stays signed in; staff sessions end sooner
STAFF_SESSION_S = 12 * 3600
STAFF_MFA = env.bool("CITIZEN_STAFF_MFA", not DEMO)
PHONE_REGION = env.str("CITIZEN_PHONE_REGION", "KR")
PHONE_CODES = env.str("CITIZEN_PHONE_CODES", "loopback" if DEMO else "")

OIDC_URL = env.str("CITIZEN_OIDC_URL", "")
SOCIALACCOUNT_ADAPTER = "apps.accounts.admin.sign_in.StaffProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if OIDC_URL:
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "staff",
                "name": env.str("CITIZEN_OIDC_NAME", "OpenID Connect"),
                "client_id": env.str("CITIZEN_OIDC_CLIENT_ID"),
                "secret": env.str("CITIZEN_OIDC_SECRET"),
                "settings": {
                    "server_url": OIDC_URL,
                    # For providers that are known to check e-mail addresses but don't say so.
                    "verified_email": env.bool("CITIZEN_OIDC_EMAIL_IS_VERIFIED", False),
                },
            }
        ],
    }
LOGIN_URL = "/admin/login/"

EMAIL_CONFIG = env.dj_email_url("CITIZEN_EMAIL_URL", "console://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("CITIZEN_EMAIL_FROM", "citizen@localhost")

# ---------------------------------------------------------------- navigation

PROJ_GEOID = Path("/usr/share/proj/egm96_15.gtx")  # comes with Debian's proj-data
GEOID = env.str("CITIZEN_GEOID", str(PROJ_GEOID) if PROJ_GEOID.exists() else "")
GRAPHS_DIR = Path(env.str("CITIZEN_GRAPHS_DIR", str(BASE_DIR / ".run" / "graphs")))

# ---------------------------------------------------------------- devices

OBSERVATIONS_KEPT_DAYS = env.int("CITIZEN_OBSERVATIONS_KEPT_DAYS", 30)
# Networks that cameras may be in: whoever enters an address must not reach our own servers by it.
CAMERA_NETWORKS: list[str] = env.list(
    "CITIZEN_CAMERA_NETWORKS",
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", *(["127.0.0.0/8"] if DEMO else [])],
)
CAMERA_FILES_DIR = env.str("CITIZEN_CAMERA_FILES_DIR", "")
CAMERA_MODELS_DIR = env.str("CITIZEN_CAMERA_MODELS_DIR", "")
CAMERA_FACES_FILE = env.str("CITIZEN_CAMERA_FACES_FILE", "")
CAMERA_SHARDS = env.int("CITIZEN_CAMERA_SHARDS", 1)
HOURLY_ROLLUPS_KEPT_DAYS = env.int("CITIZEN_HOURLY_ROLLUPS_KEPT_DAYS", 730)

# ---------------------------------------------------------------- parking

PAYMENTS = env.str("CITIZEN_PAYMENTS", "loopback" if DEMO else "")
PARKING_VALUE_OF_HOUR = env.int("CITIZEN_PARKING_VALUE_OF_HOUR", 12_000)
SHARED_BAY_FEE_PERCENT = env.int("CITIZEN_SHARED_BAY_FEE_PERCENT", 20)

# ---------------------------------------------------------------- hazards and messages

HAZARD_DESK = env.str("CITIZEN_HAZARD_DESK", "safety")
ALERT_SENDER = env.str("CITIZEN_ALERT_SENDER", "alerts@localhost")
ALERT_ID_PREFIX = env.str("CITIZEN_ALERT_ID_PREFIX", "urn:oid:2.49.0.0.410.0")
ALERT_WIDE_KM2 = env.int("CITIZEN_ALERT_WIDE_KM2", 10)
ALERT_WIDE_DEVICES = env.int("CITIZEN_ALERT_WIDE_DEVICES", 50_000)
# In the demo Google and the telephone company are played on loopback (`manage.py play_peers`).
PEERS_PORT = env.int("CITIZEN_PEERS_PORT", 0)
_peers: dict[str, str] = {}
if DEMO and PEERS_PORT:
    _folder = BASE_DIR / ".run" / "demo-peers"
    _peers = {
        "account": str(_folder / "fcm-account.json"),
        "certificate": str(_folder / "peer.pem"),
        "web_push": str(_folder / "web-push.pem"),
        "fcm": f"https://localhost:{PEERS_PORT}/v1/projects",
        "sms": f"http://127.0.0.1:{PEERS_PORT + 1}/sms",
        "voice": f"http://127.0.0.1:{PEERS_PORT + 1}/call",
        "secret": "between the demo town and its own telephone company",
    }
FCM_ACCOUNT_FILE = env.str("CITIZEN_FCM_ACCOUNT_FILE", _peers.get("account", ""))
FCM_URL = env.str(
    "CITIZEN_FCM_URL", _peers.get("fcm", "https://fcm.googleapis.com/v1/projects")
).rstrip("/")
FCM_CA_FILE = env.str("CITIZEN_FCM_CA_FILE", _peers.get("certificate", ""))
FCM_PER_MINUTE = env.int("CITIZEN_FCM_PER_MINUTE", 600_000)
SMS_URL = env.str("CITIZEN_SMS_URL", _peers.get("sms", ""))
VOICE_URL = env.str("CITIZEN_VOICE_URL", _peers.get("voice", ""))
PHONE_PEER_SECRET = env.str("CITIZEN_PHONE_PEER_SECRET", _peers.get("secret", ""))
WEB_PUSH_KEY_FILE = env.str("CITIZEN_WEB_PUSH_KEY_FILE", _peers.get("web_push", ""))
WEB_PUSH_HOSTS: list[str] = env.list("CITIZEN_WEB_PUSH_HOSTS", [])

# ---------------------------------------------------------------- complaints

# host:port of the operator's own picture stores, which reports may point to.
COMPLAINTS_MEDIA_HOSTS: list[str] = env.list("CITIZEN_COMPLAINTS_MEDIA_HOSTS", [])

# ---------------------------------------------------------------- assistant

EMERGENCY_NUMBER = env.str("CITIZEN_EMERGENCY_NUMBER", "119")
POLICE_NUMBER = env.str("CITIZEN_POLICE_NUMBER", "112")
# What reads free words; empty: conversations go by menus alone.
ASSISTANT_ENGINE = env.str("CITIZEN_ASSISTANT_ENGINE", "rasa" if DEMO else "")
RASA_PORT = env.int("CITIZEN_RASA_PORT", 5005)
RASA_URL = env.str("CITIZEN_RASA_URL", f"http://127.0.0.1:{RASA_PORT}").rstrip("/")
RASA_DEADLINE_S = env.float("CITIZEN_RASA_DEADLINE_S", 1.5)
ACTIONS_PORT = env.int("CITIZEN_ACTIONS_PORT", 5055)
KAKAO_SECRET = env.str("CITIZEN_KAKAO_SECRET", "")
KAKAO_BLOCK = env.str("CITIZEN_KAKAO_BLOCK", "")
KAKAO_CALLBACK_HOSTS: list[str] = env.list("CITIZEN_KAKAO_CALLBACK_HOSTS", ["kakao.com"])
LINE_SECRET = env.str("CITIZEN_LINE_SECRET", "")
LINE_TOKEN = env.str("CITIZEN_LINE_TOKEN", "")
LINE_URL = env.str("CITIZEN_LINE_URL", "https://api.line.me").rstrip("/")
LINE_DATA_URL = env.str("CITIZEN_LINE_DATA_URL", "https://api-data.line.me").rstrip("/")
# How much one person may write, on any channel, before they are asked to wait.
CHAT_PER_MINUTE = env.int("CITIZEN_CHAT_PER_MINUTE", 60)
CONVERSATIONS_KEPT_DAYS = env.int("CITIZEN_CONVERSATIONS_KEPT_DAYS", 90)

# ---------------------------------------------------------------- telephone

VOICE_HOST = env.str("CITIZEN_VOICE_HOST", "127.0.0.1")
VOICE_PORT = env.int("CITIZEN_VOICE_PORT", 0)
AUDIO_SOCKET_PORT = env.int("CITIZEN_AUDIO_SOCKET_PORT", VOICE_PORT + 1 if VOICE_PORT else 0)
VOICE_STREAM_URL = env.str("CITIZEN_VOICE_STREAM_URL", f"ws://localhost:{VOICE_PORT}/voice/media")
VOICE_CALLS_AT_ONCE = env.int("CITIZEN_VOICE_CALLS_AT_ONCE", 30)
VOICE_RECORDINGS_KEPT_DAYS = env.int("CITIZEN_VOICE_RECORDINGS_KEPT_DAYS", 30)
VOICE_DESK_NUMBER = env.str("CITIZEN_VOICE_DESK_NUMBER", "")
VOICE_PROMPTS = env.str("CITIZEN_VOICE_PROMPTS", "")
PIPER_VOICES = env.str("CITIZEN_PIPER_VOICES", "")
ASR_MODELS = env.str("CITIZEN_ASR_MODELS", "")
VOICE_PROVIDER = env.str("CITIZEN_VOICE_PROVIDER", "")
TWILIO_URL = env.str("CITIZEN_TWILIO_URL", "https://api.twilio.com").rstrip("/")
TWILIO_ACCOUNT_SID = env.str("CITIZEN_TWILIO_ACCOUNT_SID", "")
TWILIO_AUTH_TOKEN = env.str("CITIZEN_TWILIO_AUTH_TOKEN", "")
TWILIO_NUMBER = env.str("CITIZEN_TWILIO_NUMBER", "")
TWILIO_GATHER = env.bool("CITIZEN_TWILIO_GATHER", False)
ASTERISK_SECRET = env.str("CITIZEN_ASTERISK_SECRET", "")
ARI_URL = env.str("CITIZEN_ARI_URL", "").rstrip("/")
ARI_USER = env.str("CITIZEN_ARI_USER", "")
ARI_PASSWORD = env.str("CITIZEN_ARI_PASSWORD", "")
ARI_ENDPOINT = env.str("CITIZEN_ARI_ENDPOINT", "PJSIP/%s@trunk")
ARI_CONTEXT = env.str("CITIZEN_ARI_CONTEXT", "citizen")
ARI_EXTENSION = env.str("CITIZEN_ARI_EXTENSION", "call")

# ---------------------------------------------------------------- language, time, place

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "citizen" / "locale"]  # each app brings its own
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# ---------------------------------------------------------------- files

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / ".run" / "static"
# OpenLayers for the admin's maps comes with the web app's packages.
OPENLAYERS_DIST = BASE_DIR / "web" / "node_modules" / "ol" / "dist"
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "citizen" / "static",
    *([("vendor/ol", OPENLAYERS_DIST)] if OPENLAYERS_DIST.is_dir() else []),
]
MEDIA_ROOT = Path(env.str("CITIZEN_MEDIA_DIR", str(BASE_DIR / ".run" / "media")))
WEB_DIST = BASE_DIR / "web" / "dist"
WHITENOISE_ROOT = WEB_DIST if WEB_DIST.is_dir() else None
WHITENOISE_INDEX_FILE = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/assets/.+-[\w-]{8}\.(js|mjs|css)$"

# ---------------------------------------------------------------- API

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.rest.authentication.SessionTokenAuthentication"
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "apps.base.pagination.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("CITIZEN_RATE_ANONYMOUS", "600/min"),
        "user": env.str("CITIZEN_RATE_USER", "1200/min"),
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "EXCEPTION_HANDLER": "apps.base.problems.handle_exception",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Citizen",
    "DESCRIPTION": "The public API of a city: parking, rides, ways without barriers, alerts.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "IncidentKind": "apps.traffic.models.Incident.Kind",
        "PriorityVehicleKind": "apps.traffic.models.VehicleKind",
        "StationKind": "apps.hazards.models.Station.Kind",
        "ComplaintState": "apps.complaints.models.ServiceRequest.State",
        "MobilityProfileName": "apps.accounts.core.mobility.PROFILE_NAMES",
        "ReportableObstacle": "apps.navigation.services.obstacles.REPORTABLE",
        "TravelProfileName": "apps.navigation.rest.shapes.TRAVEL_PROFILES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "citizen.schema.add_hot_paths",
    ],
}

UNFOLD = {
    "SITE_TITLE": _("Citizen"),
    "SITE_HEADER": _("Citizen: city staff"),
    "SITE_SYMBOL": "location_city",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/icons/icon.svg"}],
    "SHOW_LANGUAGES": True,
    "SIDEBAR": {"show_search": False, "navigation": "citizen.staff.menu"},
    "DASHBOARD_CALLBACK": "citizen.staff.first_page",
    "COLORS": {
        "primary": {
            str(k): v
            for k, v in {
                50: "240 249 255",
                100: "224 242 254",
                200: "186 230 253",
                300: "125 211 252",
                400: "56 189 248",
                500: "14 165 233",
                600: "2 132 199",
                700: "3 105 161",
                800: "7 89 133",
                900: "12 74 110",
                950: "8 47 73",
            }.items()
        }
    },
}

# ---------------------------------------------------------------- security

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = MAX_BODY_BYTES
SILENCED_SYSTEM_CHECKS = [
    # Debian 12's GDAL 3.6 is older than Django likes; what we use of it is covered by our tests.
    "gis.W001",
]

# ---------------------------------------------------------------- logs

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "apps.base.request_ids.RequestIdFilter"},
        "masking": {"()": "apps.base.masking.MaskingFilter"},
    },
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id", "masking"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("CITIZEN_LOG_LEVEL", "INFO")},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
    },
}
