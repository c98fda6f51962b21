#!/usr/bin/env bash
#
# Builds the images that NeuroCred is deployed with, from Debian packages and the installed .NET SDK alone: no registry of images is needed.
# They have the names and the contracts of the official ones, which can take their place. Postgres and Redis get two names: the tag that a deployment
# asks for, and the one that Aspire does (`dotnet run` with containers), so that neither pulls.
#
#   eng/images/build.sh [api] [monitor] [nginx] [postgres] [redis]      all of them without an argument
#
# Needs root, Docker, debootstrap, the .NET SDK and gcc or clang. Takes some minutes and 1 GB. Debian's bookworm carries the service; the gateway and the
# databases come from unstable, which has what bookworm has not: nginx 1.27.3 or newer, Postgres 18, Redis 8. The bases are kept
# (`docker image rm neurocred-base:bookworm neurocred-base:sid neurocred-runtime-deps:10.0` has them made anew, with today's packages).
# MIRROR says where Debian is (otherwise debootstrap's own default), DOCKER which client is used. SNAPSHOT=1 takes a mirror that stands still: its release file has expired, which
# otherwise says that somebody withholds updates.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

git() { command git -c safe.directory='*' "$@"; } # root builds what somebody else checked out

docker=${DOCKER:-docker}
out=artifacts/images
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' NeuroCred.Api/NeuroCred.Api.csproj)
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

# The classic builder needs no plugin. apt-get runs on the host's network: a build network of its own may not lead outside.
build() {
    echo "building $1"
    DOCKER_BUILDKIT=0 $docker build --quiet --network host --tag "$@"
}

has() { $docker image inspect "$1" >/dev/null 2>&1; }

base() { # suite
    local image=neurocred-base:$1 root
    if has "$image"; then return; fi
    echo "building $image"
    root=$(mktemp -d)
    debootstrap --variant=minbase "$1" "$root" ${MIRROR:+"$MIRROR"} >"$out/debootstrap-$1.log" || { tail "$out/debootstrap-$1.log" >&2; exit 1; }
    # Licences stay; what a container reads never goes.
    find "$root/usr/share/doc" -type f ! -name copyright -delete
    rm -rf "$root"/usr/share/{man,info,locale}/* "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*
    printf 'path-exclude=/usr/share/%s/*\n' man info locale >"$root/etc/dpkg/dpkg.cfg.d/neurocred"
    printf 'path-exclude=/usr/share/doc/*\npath-include=/usr/share/doc/*/copyright\n' >>"$root/etc/dpkg/dpkg.cfg.d/neurocred"
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # a package must not start its service
    chmod 755 "$root/usr/sbin/policy-rc.d"
    if [[ ${SNAPSHOT:-} == 1 ]]; then echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/snapshot"; fi
    tar -C "$root" --sort=name --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --clamp-mtime -c . | $docker import --change 'CMD ["bash"]' - "$image" >/dev/null
    rm -rf --one-file-system "$root"
}

runtime_deps() {
    local image=neurocred-runtime-deps:10.0
    if has "$image"; then return; fi
    base bookworm
    build "$image" --build-arg BASE=neurocred-base:bookworm eng/images/runtime-deps
}

# What the service is made of, as CycloneDX: NuGet's packages by the tool, Debian's by dpkg, and the runtime.
sbom() { # service, image
    local folder=$out/services/$1/sbom
    mkdir -p "$folder"
    if [[ ! -x $out/tools/dotnet-CycloneDX ]]; then dotnet tool install CycloneDX --version 6.3.1 --tool-path "$out/tools" >/dev/null; fi
    "$out/tools/dotnet-CycloneDX" "$1/$1.csproj" --output "$folder" --filename nuget.cdx.json --output-format Json --set-name "$1" --set-version "$version" \
        --disable-package-restore --no-serial-number >"$out/sbom.log" || { tail "$out/sbom.log" >&2; exit 1; }
    sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$(date -u -d "@$SOURCE_DATE_EPOCH" +%FT%TZ)\"/" "$folder/nuget.cdx.json"
    {
        printf '{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":['
        printf '{"type":"framework","name":"Microsoft.AspNetCore.App","version":"%s"},' "$(dotnet msbuild "$1" -getProperty:BundledNETCoreAppPackageVersion)"
        # shellcheck disable=SC2016 # dpkg's variables
        $docker run --rm --network none --entrypoint dpkg-query "$2" -W \
            -f '{"type":"library","name":"${Package}","version":"${Version}","purl":"pkg:deb/debian/${Package}@${Version}?arch=${Architecture}"}\n' |
            sed ':next; s/\("purl":"[^+]*\)+/\1%2B/; t next' | paste -sd,
        printf ']}\n'
    } >"$folder/base.cdx.json"
}

service() { # project, image
    runtime_deps
    rm -rf "$out/services/$1"
    # Native code: a replica that joins others in the middle of an update has no time to compile, and nor has the machine.
    dotnet publish "$1" -c Release -v q --nologo -o "$out/services/$1/app" --use-current-runtime -p:PublishAot=true -p:CopyOutputSymbolsToPublishDirectory=false \
        -p:ContinuousIntegrationBuild=true -p:PublishDocumentationFile=false -p:PublishReferencesDocumentationFiles=false
    sbom "$1" neurocred-runtime-deps:10.0
    # A file's time is no content: the same sources give the same layer.
    find "$out/services/$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    build "$2" -f eng/images/service/Dockerfile --target published --build-arg BASE=neurocred-runtime-deps:10.0 --build-arg SDK=scratch \
        --build-arg "SERVICE=$1" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" .
}

package() { # folder, image, other names of it
    local folder=$1 image=$2
    shift 2
    base sid
    build "$image" --build-arg BASE=neurocred-base:sid "eng/images/$folder"
    for name; do $docker tag "$image" "$name"; done
}

mkdir -p "$out"
for image in "${@:-all}"; do
    case $image in
        all)
            service NeuroCred.Api "neurocred-api:$version"
            service NeuroCred.Monitor "neurocred-monitor:$version"
            package nginx nginx:1.30
            package postgres postgres:18 postgres:18.3
            package redis redis:8 redis:8.6
            ;;
        api) service NeuroCred.Api "neurocred-api:$version" ;;
        monitor) service NeuroCred.Monitor "neurocred-monitor:$version" ;;
        nginx) package nginx nginx:1.30 ;;
        postgres) package postgres postgres:18 postgres:18.3 ;;
        redis) package redis redis:8 redis:8.6 ;;
        *)
            echo "build.sh: there is no image '$image'. There are: api, monitor, nginx, postgres, redis." >&2
            exit 2
            ;;
    esac
done
