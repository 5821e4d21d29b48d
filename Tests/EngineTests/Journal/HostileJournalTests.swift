import Delivery
@testable import Engine
import Foundation
import Store
import TestSupport
import Testing

/// Everything that is ever asked of another process's file.
///
/// It must not crash, whatever it finds.
private func askEverything(_ bed: JournalBed, _ name: String) -> Int {
    var known = 0
    switch bed.open(name) {
    case .dead(let journal), .alive(let journal):
        known += journal.copies().count
        known += journal.facts(revoking: [1, 2, 3, -1, 0])?.count ?? 0
        known += journal.bootID.utf8.count
    case .gone, .replaced, .unreadable: break
    }
    return known
}

/// A file with a mail in each state, closed.
private func sample(_ bed: JournalBed) throws -> (name: String, octets: [UInt8]) {
    let file = try bed.create()
    for token in Int64(1)...3 {
        let slot = try #require(file.take(mailID: token, token: token))
        if token > 1 { #expect(file.announce(slot, mail: mail("copy \(token)"))) }
        if token > 2 {
            file.note(SMTPReply(code: 250), in: slot, at: WallTime(milliseconds: 5))
        }
    }
    let path = bed.directory.file(file.name)
    return (file.name, [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
}

private func write(_ octets: [UInt8], _ bed: JournalBed, _ name: String) throws {
    try Data(octets).write(to: URL(fileURLWithPath: bed.directory.file(name)))
}

@Test(arguments: [0, 8, 24, 100, 127, 128, 4_095, 4_096, 5_000, 200_000])
func `a file that was cut off tells nothing`(_ length: Int) throws {
    let bed = try JournalBed()
    let (name, octets) = try sample(bed)
    try write(Array(octets.prefix(length)), bed, name)
    let journal = try bed.dead(name)
    #expect(journal.facts(revoking: [1, 2, 3]) == nil && journal.copies().isEmpty)
}

/// "Not announced" would be the answer to each of its own tokens.
@Test func `notes under another's name tell nothing`() throws {
    let bed = try JournalBed()
    let (name, octets) = try sample(bed)
    let (other, _) = try sample(bed)
    #expect(try bed.dead(name).facts(revoking: [1, 2, 3])?.count == 3)
    try write(octets, bed, other)
    #expect(try bed.dead(other).facts(revoking: [1, 2, 3]) == nil)
    #expect(try bed.dead(other).copies().isEmpty)
    // Those of editions that did not note it are believed.
    let old = Array(octets[..<120]) + Array(repeating: 0, count: 8) + Array(octets[128...])
    try write(old, bed, other)
    #expect(try bed.dead(other).facts(revoking: [1, 2, 3])?.count == 3)
}

@Test func `damaged octets never crash, and never make up a copy`() throws {
    let bed = try JournalBed()
    let (name, octets) = try sample(bed)
    for seed in UInt64(1)...300 {
        var generator = SplitMix64(seed: seed)
        var damaged = octets
        // The header, the first records, and the first areas: where there is something.
        let places = [0..<128, 4_096..<(4_096 + 3 * 1_024), 2_101_248..<2_101_500]
        for _ in 0..<Int.random(in: 1...30, using: &generator) {
            let place = places.randomElement(using: &generator) ?? 0..<1
            damaged[Int.random(in: place, using: &generator)] = UInt8.random(
                in: .min ... .max, using: &generator)
        }
        try write(damaged, bed, name)
        _ = askEverything(bed, name)
        guard case .dead(let journal) = bed.open(name) else { continue }
        for copy in journal.copies().values {
            // A copy that passes its checksum has the text of one that was written.
            let text = String(decoding: copy.message, as: UTF8.self)
            let whole = copy.envelopeSender + copy.envelopeRecipient + text
            #expect(whole.hasSuffix("copy 2") || whole.hasSuffix("copy 3"), "seed \(seed)")
        }
    }
}

@Test(arguments: [
    [UInt32.max, 1, 1], [1, UInt32.max, 1], [1, 1, UInt32.max], [0, 0, 0], [1, 1, 0],
    [1_000_000, 100_000, 1 << 24], [2_048, 18, 1 << 24],
])
func `a header with absurd counts is not believed`(_ counts: [UInt32]) throws {
    let bed = try JournalBed()
    var (name, octets) = try sample(bed)
    for (index, count) in counts.enumerated() {
        withUnsafeBytes(of: count) { bytes in
            for (offset, byte) in bytes.enumerated() { octets[8 + 4 * index + offset] = byte }
        }
    }
    try write(octets, bed, name)
    #expect(try bed.dead(name).facts(revoking: [1, 2, 3]) == nil)
}

@Test func `whole files of noise never crash`() throws {
    let bed = try JournalBed()
    let name = JournalFiles.newName(for: bed.database)
    for seed in UInt64(1)...50 {
        var generator = SplitMix64(seed: seed)
        let octets = (0..<9_000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try write(octets, bed, name)
        _ = askEverything(bed, name)
    }
}

@Test func `an unknown state counts as announced: nothing may be concluded from it`() throws {
    let bed = try JournalBed()
    var (name, octets) = try sample(bed)
    octets[4_096] = 99
    try write(octets, bed, name)
    let facts = try #require(try bed.dead(name).facts(revoking: [1]))
    guard case .announced(nil)? = facts[1] else { throw JournalBed.NotDead() }
}

@Test(arguments: [1, 7]) func `a file without our magic is nobody's notes`(_ length: Int) throws {
    let bed = try JournalBed()
    let (name, octets) = try sample(bed)
    try write(Array(octets.prefix(length)), bed, name)
    guard case .replaced = bed.open(name) else { throw JournalBed.NotDead() }
}

/// It would be stored, logged and shown on a terminal.
@Test func `a damaged reply is none, or is as clean as when it was read`() throws {
    let bed = try JournalBed()
    var (name, octets) = try sample(bed)
    let record = 4_096 + 2 * 1_024
    octets.replaceSubrange(record + 58..<record + 60, with: [4, 0])
    octets.replaceSubrange(record + 72..<record + 76, with: [0x1B, 0x5B, 0x00, 0x41])
    try write(octets, bed, name)
    let facts = try #require(try bed.dead(name).facts(revoking: [3]))
    guard case .replied(let reply, _)? = facts[3] else { throw JournalBed.NotDead() }
    #expect(reply == SMTPReply(code: 250, text: "\u{FFFD}[\u{FFFD}A"))
    for code: UInt8 in [0, 199] {
        octets[record + 48] = code
        try write(octets, bed, name)
        let facts = try #require(try bed.dead(name).facts(revoking: [3]))
        guard case .announced(let copy?)? = facts[3] else { throw JournalBed.NotDead() }
        #expect(copy == mail("copy 3"))
    }
}
