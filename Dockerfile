# syntax=docker/dockerfile:1

# Built from the lock files alone; what builds is left behind.
FROM node:24-trixie-slim AS page
WORKDIR /build/ui
COPY ui/package.json ui/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --no-audit --no-fund
COPY ui ./
# The samples that the page offers.
COPY examples/story ../examples/story
COPY src/storyloom/storyboard/data ../src/storyloom/storyboard/data
RUN npm run build

FROM python:3.13-slim-trixie AS build
ARG UV_VERSION=0.13.8
ENV UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never \
    UV_PROJECT_ENVIRONMENT=/opt/storyloom
RUN pip install --no-cache-dir --disable-pip-version-check "uv==${UV_VERSION}"
WORKDIR /build
# The dependencies are a layer of their own, for they change less often than the source.
COPY pyproject.toml uv.lock ./
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --all-extras --no-install-project
COPY README.md LICENSE hatch_build.py ./
COPY src ./src
COPY --from=page /build/src/storyloom/page ./src/storyloom/page
RUN --mount=type=cache,target=/root/.cache/uv \
    uv sync --frozen --no-dev --all-extras --no-editable

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="Storyloom" \
      org.opencontainers.image.description="Turns code files and roadmap screenshots into one-page storyboards" \
      org.opencontainers.image.licenses="MIT"
# Boards are written in any script: Inter comes with Storyloom, and these have the rest.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        fonts-noto-cjk fonts-noto-color-emoji fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
# A fixed number, so that a volume stays writable from one image to the next.
RUN groupadd --gid 10001 storyloom \
    && useradd --uid 10001 --gid storyloom --no-create-home --home-dir /data storyloom \
    && install --directory --owner storyloom --group storyloom --mode 0750 /data
COPY --from=build /opt/storyloom /opt/storyloom
ENV PATH=/opt/storyloom/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STORYLOOM_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('STORYLOOM_PORT', '8000') + '/healthz', timeout=4)"]
ENTRYPOINT ["storyloom"]
CMD ["serve", "--host", "0.0.0.0"]
