// SPDX-License-Identifier: MIT
import Foundation
import MachaStore
import Testing

@Suite struct HostLockTests {
    @Test func `a host lock has one holder at a time and is free after release`() throws {
        let folder = try TemporaryFolder()
        do {
            let lock = try HostLock.take("web1", in: folder.path)
            #expect(lock != nil)
            #expect(try HostLock.take("web1", in: folder.path) == nil)
            #expect(try HostLock.take("web2", in: folder.path) != nil)
        }
        #expect(try HostLock.take("web1", in: folder.path) != nil)
    }

    @Test(arguments: ["", "../web1", ".hidden", "a/b", "a\u{0}b"])
    func `a lock is never outside of its folder`(host: String) throws {
        let folder = try TemporaryFolder()
        #expect(throws: StoreError.self) { try HostLock.take(host, in: folder.path) }
    }

    @Test func `a link in the place of the locks' folder is refused`() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/else", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/locks", withDestinationPath: folder.path + "/else")
        #expect(throws: StoreError.self) { try HostLock.take("web1", in: folder.path) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/else").isEmpty)
    }
}
