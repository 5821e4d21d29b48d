import Foundation
import Store
import TestSupport
import Testing

@testable import Engine

@Suite("The checksum of an announced copy")
struct JournalChecksumTests {
    private func octets(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(($0 * 7 + 3) & 255) } }

    private func sum(_ octets: [UInt8]) -> UInt64 { octets.withUnsafeBytes(JournalChecksum.sum) }

    @Test(
        "files outlive the process: the same sums for ever",
        arguments: [
            (0, 0x58AA_6D4A_3F1F_B73E, 0xCBF2_9CE4_8422_2325),
            (1, 0xA998_34D4_B3BF_0589, 0xAF63_BF4C_8601_BB45),
            (31, 0xEF26_A358_3D5A_9B82, 0x5E1C_59E9_6715_9868),
            (32, 0x0DB1_4D75_4F86_25BB, 0xC72D_DA01_A99E_D6D3),
            (100, 0x9E6C_A981_A20B_CDA2, 0x3212_57F3_D022_4F48),
        ] as [(Int, UInt64, UInt64)])
    func sums(count: Int, now: UInt64, before: UInt64) {
        let octets = octets(count)
        #expect(sum(octets) == now)
        #expect(octets.withUnsafeBytes(JournalChecksum.ofEarlierEdition) == before)
    }

    @Test("any other octet, and any that are missing, make another sum")
    func finds() {
        let whole = octets(103)
        let sums = whole.indices.map { index in
            var torn = whole
            torn[index] ^= 0x40
            return sum(torn)
        }
        let short = whole.indices.map { sum(Array(whole[..<$0])) }
        // What one lane had for another, as where sectors change places.
        let swapped = Array(whole[8..<16] + whole[..<8] + whole[16...])
        let all = sums + short + [sum(whole), sum(swapped)]
        #expect(Set(all).count == all.count)
    }

    @Test("a copy that an earlier edition wrote is whole", arguments: [true, false])
    func earlierEdition(isWhole: Bool) throws {
        let bed = try JournalBed()
        let copy = mail("copy 1")
        let name = try announced(copy, bed)
        let path = URL(fileURLWithPath: bed.directory.file(name))
        var octets = [UInt8](try Data(contentsOf: path))
        let text =
            Array((copy.envelopeSender + copy.envelopeRecipient).utf8) + copy.message
        let old = text.withUnsafeBytes(JournalChecksum.ofEarlierEdition) ^ (isWhole ? 0 : 1)
        withUnsafeBytes(of: old) { octets.replaceSubrange(4_096 + 32..<4_096 + 40, with: $0) }
        try Data(octets).write(to: path)
        #expect(
            try bed.dead(name).copies().values.map(\.message)
                == (isWhole ? [copy.message] : []))
    }

    /// A file whose process has gone with an announced mail.
    private func announced(_ mail: FrozenMail, _ bed: JournalBed) throws -> String {
        let file = try bed.create()
        let slot = try #require(file.take(mailID: 1, token: 1))
        #expect(file.announce(slot, mail: mail))
        return file.name
    }
}
