import Delivery
import Foundation
import TestSupport
import Testing

@testable import Mail

/// Against another implementation: Python's zoneinfo.
struct ZoneRulesTests {
    private static let directory = "/usr/share/zoneinfo/"

    private static let names = [
        "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Tokyo",
        "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "America/St_Johns", "Etc/UTC",
        "Europe/Dublin", "Antarctica/Troll", "Asia/Gaza", "Pacific/Chatham", "Etc/GMT+3",
    ]

    private static let script = """
        import sys, zoneinfo, datetime
        zoneinfo.reset_tzpath(to=["/usr/share/zoneinfo"])
        zone = zoneinfo.ZoneInfo(sys.argv[1])
        for second in sys.stdin.read().split():
            moment = datetime.datetime.fromtimestamp(int(second), zone)
            print(int(moment.utcoffset().total_seconds()), moment.tzname())
        """

    /// Every 5 days and a bit from 1971 to 2100, and each hour of a day in spring and autumn.
    private static let seconds: [Int64] =
        (0..<9_400).map { 31_536_000 + $0 * 436_007 }
        + (0..<48).map { 1_774_648_800 + $0 * 3_600 } + (0..<48).map { 1_792_800_000 + $0 * 3_600 }
        + (0..<48).map { 2_550_000_000 + $0 * 3_600 }

    @Test(arguments: names) func `each moment has the offset that Python gives it`(
        _ name: String
    ) throws {
        let file = try Data(contentsOf: URL(filePath: Self.directory + name))
        let rules = try #require(ZoneRules(tzif: [UInt8](file)))
        let input = Self.seconds.map(String.init).joined(separator: " ")
        let output = try ChildProcess.run(
            "/usr/bin/env", ["python3", "-c", Self.script, name], input: input
        ).output
        let lines = output.split(separator: "\n")
        try #require(lines.count == Self.seconds.count)
        for (second, line) in zip(Self.seconds, lines) {
            let kind = rules.kind(at: WallTime(milliseconds: second * 1_000))
            #expect("\(kind.offset) \(kind.abbreviation)" == line, "\(name) \(second)")
        }
    }

    @Test func `what is no zone is none, however it is cut or changed`() throws {
        let file = try Data(contentsOf: URL(filePath: Self.directory + "Europe/Berlin"))
        let bytes = [UInt8](file)
        for length in stride(from: 0, to: bytes.count - 30, by: 7) {
            #expect(ZoneRules(tzif: Array(bytes[..<length])) == nil)
        }
        var generator = SplitMix64(seed: 7)
        for _ in 0..<2_000 {
            var changed = bytes
            for _ in 0..<3 {
                changed[.random(in: 0..<bytes.count, using: &generator)] = .random(
                    in: 0...255, using: &generator)
            }
            // Whatever it says now, nothing breaks.
            _ = ZoneRules(tzif: changed)?.kind(at: WallTime(milliseconds: 1_795_369_200_000))
        }
    }

    /// 04:45 CST was read as Central Time by readers of English, though it was Shanghai's.
    @Test(arguments: [
        ("America/Sao_Paulo", "UTC-3"), ("Europe/Berlin", "CET"), ("Asia/Kathmandu", "UTC+5:45"),
        ("America/Chicago", "CST"), ("Asia/Shanghai", "UTC+8"),
        ("Asia/Kolkata", "UTC+5:30"), ("Asia/Jerusalem", "UTC+2"), ("Asia/Manila", "UTC+8"),
        ("Africa/Abidjan", "GMT"), ("Asia/Dhaka", "UTC+6"), ("Australia/Sydney", "AEDT"),
    ])
    func `a zone is named where readers know it by that name, else by its offset`(
        _ name: String, _ shown: String
    ) throws {
        let file = try Data(contentsOf: URL(filePath: Self.directory + name))
        let rules = try #require(ZoneRules(tzif: [UInt8](file)))
        let time = ZonedTime(WallTime(milliseconds: 1_795_369_200_000), rules)
        #expect(ZoneNames.english.text(time.abbreviation, offset: time.offset) == shown)
    }

    @Test func `each language has its own names, and UTC is UTC`() throws {
        func text(_ names: ZoneNames, _ abbreviation: String?, _ hours: Int) -> String {
            names.text(abbreviation, offset: hours * 3_600)
        }
        #expect(text(.german, "CEST", 2) == "MESZ" && text(.german, "EST", -5) == "UTC-5")
        #expect(text(.usual, "CEST", 2) == "CEST" && text(.usual, "EST", -5) == "UTC-5")
        #expect(text(.japanese, "JST", 9) == "JST" && text(.korean, "JST", 9) == "UTC+9")
        #expect(text(.usual, nil, 0) == "UTC" && text(.usual, "+00", 0) == "UTC")
    }

    @Test(arguments: [
        "", "CET", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "1", "<-03",
        "CET-1CEST,M3.5.0,M10.5.0/3x", "CET-999",
    ])
    func `a rule that is none is refused`(_ text: String) {
        #expect(PosixZone(text) == nil)
    }

    @Test(arguments: ["UTC0", "<-03>3", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,J60/1,365/25:30:15"])
    func `a rule is read`(_ text: String) {
        #expect(PosixZone(text) != nil)
    }
}
