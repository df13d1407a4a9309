// SPDX-License-Identifier: MIT
import MachaModel
import Testing

@Suite struct ContentHashTests {
    /// FIPS 180-4, examples of the Cryptographic Standards and Guidelines pages; the last two by coreutils' sha256sum.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the digest is SHA-256`(text: String, expected: String) {
        #expect(ContentHash(of: text.utf8).description == expected)
    }

    @Test func `a long message and every length around a block have the right digest`() {
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            ContentHash(of: million).description == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        let lengths = (0...130).map { ContentHash(of: [UInt8](repeating: 0, count: $0)) }
        #expect(Set(lengths).count == lengths.count)
    }

    @Test func `only sixty-four hex digits are a hash`() {
        #expect(ContentHash(String(repeating: "a", count: 64)) != nil)
        #expect(ContentHash(String(repeating: "A", count: 64)) == nil)
        #expect(ContentHash(String(repeating: "a", count: 63)) == nil)
        #expect(ContentHash(String(repeating: "g", count: 64)) == nil)
    }
}
