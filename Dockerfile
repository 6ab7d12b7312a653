# One image for every process of an instance: `ocop up`, `ocop web SERVICE`, `ocop worker SERVICE`, `ocop relay SERVICE` …
# BASE is any Debian with Python 3.11 or newer. A file named as the secret `pip.conf` tells pip where its index is.
ARG BASE=python:3.11-slim-trixie

FROM ${BASE} AS builder
RUN python3 -c 'import ensurepip, venv' 2>/dev/null \
    || { export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && apt-get install -qq --yes --no-install-recommends python3-venv; }
WORKDIR /opt/ocop
RUN python3 -m venv .venv
COPY requirements/run.txt requirements/run.txt
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf,mode=0444 \
    .venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r requirements/run.txt
COPY . .
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && .venv/bin/python -m compileall -q -j0 .

FROM ${BASE}
# for documents as PDF: the library that sets text, and a font with every Vietnamese letter; for `ocop backup`: PostgreSQL's
# own programs, which must not be older than the server (Debian 12 has 15, Debian 13 has 17)
RUN export DEBIAN_FRONTEND=noninteractive; apt-get update -qq \
    && apt-get install -qq --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-croscore postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/ocop ocop \
    && install -d -o ocop -g ocop -m 0750 /var/lib/ocop /var/lib/ocop-law
COPY --from=builder /opt/ocop /opt/ocop
ENV PATH=/opt/ocop/.venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/tmp/.cache \
    OCOP_DATA=/var/lib/ocop \
    OCOP_HOST=0.0.0.0
WORKDIR /var/lib/ocop
VOLUME /var/lib/ocop
USER ocop
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python3", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/reporting/health', timeout=8)"]
ENTRYPOINT ["ocop"]
CMD ["up"]
