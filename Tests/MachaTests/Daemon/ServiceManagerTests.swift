// SPDX-License-Identifier: MIT
import Foundation
import MachaTestSupport
import Testing

@testable import Macha

/// What the daemon says to the service manager, on a real datagram socket.
struct ServiceManagerTests {
    private func names() throws -> (scratch: Scratch, names: [String]) {
        let scratch = try Scratch()
        return (scratch, [scratch.path("notify"), "@macha-test-\(UUID().uuidString)"])
    }

    @Test func `each message is one datagram, to a path and to an abstract name`() throws {
        let (scratch, names) = try names()
        defer { withExtendedLifetime(scratch) {} }
        for name in names {
            let socket = try DatagramSocket(name)
            let manager = ServiceManager(environment: ["NOTIFY_SOCKET": name])
            manager.ready()
            manager.status("two\nlines")
            manager.reloading()
            manager.alive()
            manager.stopping()
            let messages = socket.messages()
            #expect(messages.count == 5)
            #expect(messages.first == "READY=1")
            #expect(messages[1] == "STATUS=two lines")
            #expect(messages[2].wholeMatch(of: /RELOADING=1\nMONOTONIC_USEC=[0-9]{4,}/) != nil, "\(messages[2])")
            #expect(messages.suffix(2) == ["WATCHDOG=1", "STOPPING=1"])
        }
    }

    @Test(arguments: [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "vsock:2:1"], ["NOTIFY_SOCKET": "/nowhere/at/all"]])
    func `without a socket that answers nothing is sent and nothing fails`(environment: [String: String]) {
        ServiceManager(environment: environment).ready()
    }

    @Test func `a watchdog counts only when it is meant for this process`() {
        let own = "\(getpid())"
        func watchdog(_ environment: [String: String]) -> Duration? {
            ServiceManager(environment: environment).watchdog
        }
        #expect(watchdog([:]) == nil)
        #expect(watchdog(["WATCHDOG_USEC": "30000000"]) == .seconds(30))
        #expect(watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": own]) == .seconds(30))
        #expect(watchdog(["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"]) == nil)
        #expect(watchdog(["WATCHDOG_USEC": "often"]) == nil)
    }
}
