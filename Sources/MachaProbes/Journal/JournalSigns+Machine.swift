// SPDX-License-Identifier: MIT
import MachaModel

extension JournalSigns {
    /// Memory that ran out.
    static let memory: [JournalSign] = [
        .kernel(
            .oomLimit, .warning, "A program was killed at the memory limit of its own unit or container.",
            [["Memory cgroup out of memory: Kill"], ["Tasks in ", "are going to be killed due to memory.oom.group"]],
            "mm/oom_kill.c, mm/memcontrol.c"),
        .quiet(
            .kernel, .oomLimit, .warning, "A program was killed at the memory limit of its own unit or container.",
            [["oom-kill:constraint=CONSTRAINT_MEMCG"]], "mm/oom_kill.c (dump_oom_victim)"),
        .kernel(
            .oomKill, .critical, "Memory ran out in the last hour and the kernel killed a program.",
            [["Out of memory: Kill"], ["Out of memory and no killable"], ["System is deadlocked on memory"]],
            "mm/oom_kill.c"),
        .quiet(
            .unit("systemd-oomd.service"), .oomKill, .warning,
            "Memory ran short in the last hour and systemd-oomd killed a unit.",
            [["Killed ", " due to memory "], ["Killed ", " due to swap "], ["Marked ", " for killing due to "]],
            "src/oom/oomd-manager.c of systemd"),
        .quiet(
            .unit("earlyoom.service"), .oomKill, .warning,
            "Memory ran short in the last hour and earlyoom killed a program.",
            [["sending SIGTERM to process"], ["sending SIGKILL to process"]], "kill.c of earlyoom"),
        .quiet(
            .unit("nohang.service"), .oomKill, .warning,
            "Memory ran short in the last hour and nohang killed a program.",
            [["Sending SIGTERM to"], ["Sending SIGKILL to"]], "nohang of hakavlad/nohang"),
        .kernel(
            .allocationFailed, .warning, "The kernel could not get memory it needed in the last hour.",
            [["page allocation failure"], ["page allocation stalls"]], "mm/page_alloc.c (warn_alloc)"),
    ]

    /// The machine itself and its kernel.
    static let machine: [JournalSign] = [
        .kernel(
            .hardwareErrors, .critical, "Memory or a processor reported an error that could not be corrected.",
            [
                ["EDAC", " UE "], ["[Hardware Error]", "Uncorrected"], ["[Hardware Error]", "event severity: fatal"],
                ["[Hardware Error]", "event severity: recoverable"], ["Memory failure: 0x"],
                ["severity=Uncorrected (Fatal)"], ["severity=Uncorrectable (Fatal)"],
                ["[Hardware Error]", "System Fatal error"],
            ],
            "drivers/edac/edac_mc.c, drivers/edac/mce_amd.c, mm/memory-failure.c, drivers/acpi/apei/ghes.c, drivers/pci/pcie/aer.c"
        ),
        .quiet(
            .kernel, .hardwareErrors, .critical, "A graphics card failed and does not answer any more.",
            [
                ["fallen off the bus"], ["NVRM: Xid", "): 48,"], ["NVRM: Xid", "): 64,"], ["NVRM: Xid", "): 74,"],
                ["NVRM: Xid", "): 79,"], ["NVRM: Xid", "): 95,"],
            ], "docs.nvidia.com/deploy/xid-errors"),
        .quiet(
            .kernel, .hardwareErrors, .warning, "A graphics card hung in the last hour and was reset.",
            [
                ["amdgpu", "ring ", " timeout"], ["amdgpu", "GPU reset begin"], ["i915", "GPU HANG"],
                ["xe ", "Engine reset"],
            ],
            "drivers/gpu/drm/amd/amdgpu/amdgpu_job.c, amdgpu_device.c, i915/i915_gpu_error.c, xe/xe_guc_submit.c"),
        .kernel(
            .hardwareErrors, .warning, "A card on the PCI Express bus reported an error that was not corrected.",
            [
                ["severity=Uncorrected (Non-Fatal)"], ["severity=Uncorrectable (Non-Fatal)"],
                ["AER: device recovery failed"],
            ], "drivers/pci/pcie/aer.c, err.c"),
        .kernel(
            .hardwareErrors, .warning, "A USB controller died: its devices are gone until it is started again.",
            [["HC died; cleaning up"], ["host controller not responding, assume dead"]],
            "drivers/usb/core/hcd.c, drivers/usb/host/xhci-ring.c"),
        .kernel(
            .hardwareErrors, .warning, "Memory or a processor reported errors that were corrected.",
            [["EDAC", " CE "], ["[Hardware Error]"], ["mce: CPU", "Machine Check"]],
            "drivers/edac/edac_mc.c, arch/x86/kernel/cpu/mce/core.c"),
        .quiet(
            .kernel, .hardwareErrors, .warning, "Memory or a processor reported errors that were corrected.",
            [["Machine check events logged"], ["corrected by h/w and requires no further action"]],
            "arch/x86/kernel/cpu/mce/core.c, drivers/firmware/efi/cper.c"),
        .kernel(
            .hungTask, .warning, "A program has been stuck in the kernel for minutes.", [["blocked for more than"]],
            "kernel/hung_task.c"),
        .kernel(
            .kernelFault, .critical, "The kernel met a fault of its own in the last hour.",
            [
                ["BUG: soft lockup"], ["Watchdog detected hard LOCKUP"], ["self-detected stall on CPU"],
                ["detected stalls on CPUs"], ["BUG: unable to handle"], ["BUG: kernel NULL pointer"],
                ["kernel BUG at "], ["Oops: "],
                ["Kernel panic - not syncing"], ["Internal error: ", " [#"], ["Unable to handle kernel"],
                [": 0000 [#"], ["BUG: Bad page "], ["BUG: scheduling while atomic"], ["list_add corruption"],
                ["list_del corruption"], ["detected expedited stalls on CPUs"],
            ],
            "kernel/watchdog.c, kernel/rcu/tree_stall.h, tree_exp.h, arch/x86/mm/fault.c, arch/*/kernel/traps.c (die), mm/page_alloc.c, lib/list_debug.c, kernel/panic.c"
        ),
    ]

    /// Network cards that hang, and tables of the network that are full.
    static let network: [JournalSign] = [
        .quiet(
            .kernel, .networkCardStuck, .warning, "A network card stopped sending in the last hour and was reset.",
            [
                ["NETDEV WATCHDOG: ", "transmit queue"], ["Detected Hardware Unit Hang"], ["Detected Tx Unit Hang"],
                ["Reset adapter unexpectedly"], ["tx hang ", "detected on queue"],
            ], "net/sched/sch_generic.c (dev_watchdog), drivers/net/ethernet/intel"),
        .kernel(
            .networkTableFull, .warning,
            "A table of the network was full in the last hour: connections were dropped.",
            [
                ["nf_conntrack: ", "table full"], ["nf_conntrack: ", "expectation table full"],
                ["ip_conntrack: table full"],
            ],
            "net/netfilter/nf_conntrack_core.c"),
        .quiet(
            .kernel, .networkTableFull, .warning,
            "A table of the network was full in the last hour: connections were dropped.",
            [
                ["eighbor table overflow"], ["eighbour table overflow"], ["TCP: out of memory"],
                ["TCP: too many orphaned sockets"], ["TCP: time wait bucket table overflow"], ["dst cache overflow"],
            ], "net/core/neighbour.c, net/ipv4/tcp.c, net/ipv4/inet_timewait_sock.c, net/core/dst.c"),
    ]

    /// Programs that watch the machine and say so quietly.
    static let programs: [JournalSign] = [
        .quiet(
            .unit("rasdaemon.service"), .hardwareErrors, .critical,
            "Memory or a processor reported an error that could not be corrected.",
            [["mc_event", "Uncorrected error"], ["mc_event", "Fatal error"]], "ras-mc-handler.c of rasdaemon"),
        .quiet(
            .unit("rasdaemon.service"), .hardwareErrors, .warning,
            "Memory or a processor reported errors that were corrected.", [["mc_event", "Corrected error"]],
            "ras-mc-handler.c of rasdaemon"),
    ]
}
