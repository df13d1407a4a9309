// SPDX-License-Identifier: MIT

/// The one POSIX `sh` script that asks a host everything, for the standard input of `sh -s`.
///
/// Quick fragments share one shell, because on a host that is well most of what a question costs is the processes around it.
/// A fragment that fails, overruns or says too much there is asked again, alone.
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
        var asked: [String] = []
        var isInRow = false
        for probe in request.probes {
            let call = calls[ObjectIdentifier(probe)] ?? call(of: probe)
            let start = probe.isQuick ? (isInRow ? " \\\n        " : "\n    in_turn ") : "\n    section "
            asked += [start, call]
            isInRow = probe.isQuick
        }
        return prelude + opening + settings(request) + asked.joined() + closing
    }

    /// The catalogue's part of the script: the same for every host, and quoting it costs more than everything else here.
    private static let calls = Dictionary(
        uniqueKeysWithValues: ProbeCatalog.all.map { (ObjectIdentifier($0), call(of: $0)) })

    private static func call(of probe: any Probe.Type) -> String {
        let shares = probe.isQuick ? " \(probe.shares?.call ?? "-")" : ""
        return "\(probe.name) \(probe.timeout) \(probe.byteLimit)\(shares) \(quoted(compact(probe.script)))"
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

    /// `text` with each four spaces that begin a line as one, and without lines of comment: a tenth of the script is
    /// layout.
    private static func compact(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let kept = lines.compactMap { (line: Substring) -> String? in
            let spaces = line.prefix { $0 == " " }.count
            if line.dropFirst(spaces).hasPrefix("# ") { return nil }
            return String(repeating: " ", count: (spaces + 3) / 4) + line.dropFirst(spaces)
        }
        return kept.joined(separator: "\n")
    }

    /// `text` as one word of POSIX `sh`.
    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    // Alone, a fragment's standard output goes to descriptor 4, standard error to 3, the exit status to 5, each into a
    // command substitution of its own: that needs no file. With LC_ALL=C `${#body}` counts bytes. `head` takes one byte more than the limit,
    // so that a longer answer shows; the program then ends by SIGPIPE, and the frame says `cut` in place of that status.
    //
    // Frames are held until there are 16 kB of them or three seconds are over, because each write is a packet that both sides
    // have to encrypt, send, receive and wake up for. When a connection is lost, so is what is held then.
    //
    // KILL, because TERM can be ignored. coreutils' `timeout` sends it to the whole group, itself included, hence 137.
    // Other `timeout` programs kill their child only, and what the child started would hold the pipe open: there the
    // fragment gets a session of its own and a watchdog, and that session is killed when the fragment has ended.
    private static let prelude =
        "functions=\(quoted(compact(SharedQuestion.functions)))\nrow=\(quoted(compact(row)))\n" + compact(sections)

    // What one shell does with `NAME SECONDS BYTES SHARED FRAGMENT` for each of several probes. Frames go to standard output,
    // and before each fragment a line goes to descriptor 5: how many frames there are, of how many bytes together, and the
    // clock. The last line says `end`, or `odd` when the next fragment is to be asked alone.
    //
    // The exit status is written after a fragment's output by a trap, which needs no process; `head` leaves room for it, so
    // that what fills the room is too long. Shells drop NUL bytes here by themselves.
    private static let row = #"""
        nl='
        '
        alone() { exit 75; }
        bounded() {
            body=$({
                trap 'printf "\n:%s" "$?"' 0
                fragment=$2
                set --
                eval "$fragment"
            } 2>/dev/null 5>&- | head -c "$(($1 + 6))")
            [ "${#body}" -lt "$(($1 + 6))" ] || return 1
            case $body in *"$nl:0") body=${body%"$nl:0"} ;; *) return 1 ;; esac
        }
        count=0 bytes=0 end=end shared=
        while [ "$#" -gt 0 ]; do
            read -r clock rest </proc/uptime
            echo "$count $bytes ${clock%.*}" >&5
            case " - $shared" in
                *" $4 "*) ;;
                *)
                    shared="$shared$4 "
                    if bounded 131072 "$4"; then
                        eval "$4_said=\$body
                            $4() { printf '%s' \"\$$4_said\"; }"
                    fi
                    ;;
            esac
            bounded "$3" "$5" || { end=odd; break; }
            frame="@@$1 0 ${#body}$nl$body$nl"
            printf '%s' "$frame"
            count=$((count + 1)) bytes=$((bytes + ${#frame}))
            shift 5
        done
        echo "$count $bytes $end" >&5
        """#

    private static let sections = #"""
        in_turn() {
            while [ "$#" -gt 0 ] && [ "$guard$lacking$hung" = timeout ]; do
                frames=$(
                    exec 4>&1
                    told=$(timeout -s KILL \#(ProbeRow.seconds) sh -c "$functions$row" sh "$@" 5>&1 >&4 4>&- </dev/null)
                    printf '\n%s' "${told##*"$nl"}"
                )
                told=${frames##*"$nl"} frames=${frames%"$nl"*}
                count=${told%% *} end=${told##* } bytes=${told#* }
                tick
                case $end in
                    end | odd) ran=0 ;;
                    *)
                        # It was ended at $end. What is whole is kept.
                        frames=$(printf "%.${bytes%% *}s." "$frames")
                        frames=${frames%.} ran=0 hung=1
                        [ -z "$end" ] || [ -z "$clock" ] || ran=$((${clock%.*} - end))
                        ;;
                esac
                held=$held$frames
                shift "$((${count:-0} * 5))"
                flush_when_due
                [ "$end" != end ] || continue
                if [ "$ran" -ge "$2" ]; then held="$held@@$1 137 0$nl$nl"; else section "$1" "$2" "$3" "$5"; fi
                shift 5
            done
            # One that hangs is seldom alone: what comes after it is asked one by one.
            while [ "$#" -gt 0 ]; do
                section "$1" "$2" "$3" "$5"
                shift 5
            done
        }
        guarded() {
            case $guard in
                timeout)
                    timeout -s KILL "$1" sh -c "$functions$2" 2>&6 3>&- 4>&- 5>&- 6>&-
                    echo "$?" >&5
                    ;;
                setsid)
                    setsid sh -c '{ sleep "$1"; echo 137 >&5; kill -KILL 0; } >/dev/null 2>&1 3>&- 4>&- 6>&- &
                        sh -c "$2" 2>&6 3>&- 4>&- 5>&- 6>&-
                        echo "$?" >&5
                        kill -KILL 0' sh "$1" "$functions$2"
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
            flush_when_due
        }
        tick() {
            clock=
            read -r clock rest </proc/uptime
        }
        flush_when_due() {
            [ -n "$clock" ] && [ "$((${clock%.*} - ${flushed:-0}))" -lt 3 ] && [ "${#held}" -lt 16384 ] || {
                printf '%s' "$held"
                held= flushed=${clock%.*}
            }
        }

        """#

    private static let opening = compact(beginning)

    private static let beginning = #"""
        macha() {
            export LC_ALL=C TERM=dumb SYSTEMD_COLORS=0 SYSTEMD_PAGER= PAGER=cat MACHA_STAT=
            PATH=${PATH:+$PATH:}/run/wrappers/bin:/run/current-system/sw/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
            export PATH
            nl='
        ' lacking='' guard=timeout hung=
            read -r MACHA_STAT </proc/stat
            case $(timeout --version </dev/null) in
                *coreutils*) ;;
                *) if command -v setsid >/dev/null; then guard=setsid; else lacking=' timeout (of coreutils) or setsid'; fi ;;
            esac
            for tool in sh tr head sleep; do command -v "$tool" >/dev/null || lacking="$lacking $tool"; done
            lacking=${lacking:+not on this host:$lacking}
            tick
            held="@@begin 0 0$nl$nl" flushed=${clock%.*} MACHA_EPOCH=$(date +%s)
            case $clock,$MACHA_EPOCH in
                ,* | *, | *,*[!0-9]*) MACHA_EPOCH= ;;
                *) MACHA_EPOCH=$((MACHA_EPOCH - ${clock%.*})) ;;
            esac
            export MACHA_EPOCH

        """#

    private static let closing = """

            printf '%s@@end 0 0\\n\\n' "$held"
        }
        { macha 2>/dev/null; exit 0; }

        """
}
