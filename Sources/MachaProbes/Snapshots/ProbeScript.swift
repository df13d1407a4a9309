// SPDX-License-Identifier: MIT

/// The one POSIX `sh` script that asks a host everything, for the standard input of `sh -s`.
///
/// It leaves nothing behind: no files, and no processes, because a fragment that overruns is killed with its whole
/// process group. It is one function called on the last line, inside braces: a script cut off in transit is a syntax
/// error and runs nothing. The answer is a row of frames, which ``ProbeAnswer`` reads.
package enum ProbeScript {
    /// The script for every probe of ``ProbeCatalog``, without settings.
    package static let text = text(for: ProbeCatalog.all)

    /// The script for `probes`, in this order, without settings.
    package static func text(for probes: [any Probe.Type]) -> String { text(for: ProbeRequest(probes: probes)) }

    /// The script for what `request` asks.
    package static func text(for request: ProbeRequest) -> String {
        let asked = request.probes.map { calls[ObjectIdentifier($0)] ?? call(of: $0) }
        return prelude + "macha() {\n" + opening + settings(request) + asked.joined(separator: "\n") + closing
    }

    /// The catalogue's part of the script: the same for every host, and quoting it costs more than everything else here.
    private static let calls = Dictionary(
        uniqueKeysWithValues: ProbeCatalog.all.map { (ObjectIdentifier($0), call(of: $0)) })

    private static func call(of probe: any Probe.Type) -> String {
        "    section \(probe.name) \(probe.timeout) \(probe.byteLimit) \(quoted(probe.script))"
    }

    /// What fragments find in their environment. `MACHA_AS_ROOT` goes before a program that needs root: nothing for root
    /// itself, `sudo -n` where that is allowed; /dev/null cannot be run, which gives status 126 and "Permission denied".
    private static func settings(_ request: ProbeRequest) -> String {
        """
            export MACHA_CURSOR=\(quoted(request.cursor?.text ?? "")) MACHA_SINCE=\(request.cursor?.time.map { "\($0)" } ?? "")
            export MACHA_NAMES=\(quoted(request.names.joined(separator: " ")))
            export MACHA_TARGETS=\(quoted(request.targets.joined(separator: " ")))
            export MACHA_AS_ROOT=\(request.mayUseSudo ? "'sudo -n'" : "/dev/null")
            [ "$(id -u)" != 0 ] || MACHA_AS_ROOT=

        """
    }

    /// The sections of an answer; see ``ProbeAnswer``.
    package static func sections(from bytes: [UInt8]) -> [ProbeSection] { ProbeAnswer(bytes).sections }

    /// `text` as one word of POSIX `sh`.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    // Standard output goes to descriptor 4, standard error to 3, the exit status to 5, each into a command substitution
    // of its own: that needs no file. With LC_ALL=C `${#body}` counts bytes. `head` takes one byte more than the limit,
    // so that a longer answer shows; the program then ends by SIGPIPE, and the frame says `cut` in place of that status.
    //
    // Frames are held until there are 16 kB of them or three seconds are over, because each write is a packet that both sides
    // have to encrypt, send, receive and wake up for. When a connection is lost, so is what is held then.
    //
    // KILL, because TERM can be ignored. coreutils' `timeout` sends it to the whole group, itself included, hence 137.
    // Other `timeout` programs kill their child only, and what the child started would hold the pipe open: there the
    // fragment gets a session of its own and a watchdog, and that session is killed when the fragment has ended.
    private static let prelude = #"""
        guarded() {
            case $guard in
                timeout)
                    timeout -s KILL "$1" sh -c "$2" 2>&6 3>&- 4>&- 5>&- 6>&-
                    echo "$?" >&5
                    ;;
                setsid)
                    setsid sh -c '{ sleep "$1"; echo 137 >&5; kill -KILL 0; } >/dev/null 2>&1 3>&- 4>&- 6>&- &
                        sh -c "$2" 2>&6 3>&- 4>&- 5>&- 6>&-
                        echo "$?" >&5
                        kill -KILL 0' sh "$1" "$2"
                    ;;
            esac </dev/null
        }
        section() {
            cut= status=127 body=$lacking
            if [ -z "$lacking" ]; then
                body=$(
                    exec 4>&1
                    end=$(
                        exec 5>&1
                        said=$({ guarded "$2" "$4" 6>&3 2>/dev/null | tr -d '\000' | head -c "$(($3 + 1))" >&4; } 3>&1 |
                            head -c 1000)
                        printf '%s' "$said"
                    )
                    status=${end%%"$nl"*}
                    [ "$status" = 0 ] || case $end in *"$nl"*) printf '\n%s' "${end#*"$nl"}" ;; esac
                    printf '\n%s' "$status"
                )
                status=${body##*"$nl"} body=${body%"$nl"*}
                [ "${#body}" -le "$3" ] || cut=' cut' status=0
            fi
            held="$held@@$1 ${status:-1} ${#body}$cut$nl$body$nl"
            tick
            [ -n "$clock" ] && [ "$((${clock%.*} - ${flushed:-0}))" -lt 3 ] && [ "${#held}" -lt 16384 ] || flush
        }
        tick() {
            clock=
            read -r clock rest </proc/uptime
        }
        flush() {
            printf '%s' "$held"
            held= flushed=${clock%.*}
        }

        """#

    private static let opening = #"""
            export LC_ALL=C TERM=dumb SYSTEMD_COLORS=0 SYSTEMD_PAGER= PAGER=cat MACHA_STAT=
            PATH=${PATH:+$PATH:}/run/wrappers/bin:/run/current-system/sw/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
            export PATH
            nl='
        ' lacking='' guard=timeout
            read -r MACHA_STAT </proc/stat
            case $(timeout --version </dev/null) in
                *coreutils*) ;;
                *) if command -v setsid >/dev/null; then guard=setsid; else lacking=' timeout (of coreutils) or setsid'; fi ;;
            esac
            for tool in sh tr head sleep; do command -v "$tool" >/dev/null || lacking="$lacking $tool"; done
            lacking=${lacking:+not on this host:$lacking}
            tick
            held="@@begin 0 0$nl$nl" flushed=${clock%.*}

        """#

    private static let closing = """

            printf '%s@@end 0 0\\n\\n' "$held"
        }
        { macha 2>/dev/null; exit 0; }

        """
}
