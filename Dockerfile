# One image, a command per service. Needs its base image and the package index, nothing else.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/newswire
COPY requirements.lock ./
RUN /opt/newswire/bin/python -m pip install --quiet --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY services services
COPY shared shared
COPY seed seed
RUN /opt/newswire/bin/python -m pip install --quiet --no-deps --no-build-isolation . \
 && /opt/newswire/bin/python -m compileall -q /opt/newswire/lib

FROM python:3.13-slim-bookworm
RUN groupadd --gid 10001 newswire && useradd --uid 10001 --gid 10001 --no-create-home newswire \
 && mkdir -p /data/views /data/snapshots /data/inbox /data/sources && chown -R 10001:10001 /data
COPY --from=build /opt/newswire /opt/newswire
COPY seed /usr/share/newswire/seed
ENV PATH=/opt/newswire/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    NEWSWIRE_DATA_DIR=/data
USER 10001:10001
WORKDIR /data
CMD ["newswire", "--help"]
