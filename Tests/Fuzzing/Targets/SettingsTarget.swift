import Delivery
import Foundation

@testable import Service

/// A settings file: read as Settings.md says, each fault in its place, and no secret in any sentence.
///
/// What stands for a secret is the word `hunter2`.
enum SettingsTarget: FuzzTarget {
    static let name = "settings"
    static let longest = 2_000
    static let words =
        SettingKey.allCases.map { "\n\($0.name)=" } + [
            "hunter2", "smtp://", "smtps://", "user:hunter2@", "@", ":25", "\"", "'", "\r\n",
            "export ", "#", "\0",
            "60s", "oauth", "https://", "OUTBOXD_SMTP_PASWORD=hunter2\n", "[::1]", "%3a", "50/s",
            "127.0.0.1:1",
        ]

    static func check(_ input: [UInt8]) throws(Broken) {
        let file = SettingsFile(path: "f", bytes: input)
        let reference = SettingsFileReference.lines(input)
        if !file.faults.contains(where: { $0.origin == nil }) {
            try checkLines(file, reference)
        }
        let sources = SettingsSources(environment: [:], file: file, flags: [:])
        let sentences = sentences(of: sources)
        try checkSentences(sentences, lineCount: input.count(where: { $0 == 0x0A }) + 1)
        if !mayBeShown(reference) {
            try demand(
                !sentences.contains { $0.contains("hunter2") }, "a secret is shown: \(sentences)")
        }
    }

    /// Faults and warnings, as an operator sees them.
    private static func sentences(of sources: SettingsSources) -> [String] {
        do throws(SettingsError) {
            return try Settings.load(
                sources, environment: [:],
                context: Settings.Context(hostName: "desk.example", usesRelay: false), checks: [:]
            ).warnings
        } catch {
            return error.lines + error.warnings
        }
    }

    private static func checkLines(
        _ file: SettingsFile, _ reference: [SettingsFileReference.Line]
    ) throws(Broken) {
        let ours = reference.filter { $0.key?.uppercased().hasPrefix("OUTBOXD_") ?? true }
        let taken = Set(file.lines.map(\.number))
        let faulty = Set(file.faults.compactMap { $0.origin?.line })
        try demand(taken.isDisjoint(with: faulty), "a line is a setting and a fault")
        try demand(taken.union(faulty) == Set(ours.map(\.number)), "other lines than there are")
        for line in file.lines {
            let stated = ours.first { $0.number == line.number }
            guard let stated, let value = stated.value, stated.key == line.key else {
                throw Broken("line \(line.number) is read as \(line)")
            }
            let isStripped =
                value.count >= 2 && value.dropFirst().dropLast() == line.value
                && (value.first == "\"" || value.first == "'") && value.first == value.last
            try demand(
                value == line.value || isStripped,
                "the value in line \(line.number) is \(line.value)")
        }
        for fault in file.faults {
            try demand(fault.description.contains("f:"), "a fault without its line: \(fault)")
        }
    }

    private static func checkSentences(_ sentences: [String], lineCount: Int) throws(Broken) {
        try demand(sentences.count <= 51 + 2 * lineCount, "\(sentences.count) sentences")
        for sentence in sentences {
            try demand(sentence.utf8.count <= 4_000, "a sentence of \(sentence.utf8.count) octets")
            try demand(
                !sentence.unicodeScalars.contains(where: AddressGrammar.isControl),
                "a sentence with controls: \(sentence)")
        }
    }

    /// Whether the word stands where a value is shown: in one of ours that is neither a secret nor holds one.
    private static func mayBeShown(_ lines: [SettingsFileReference.Line]) -> Bool {
        lines.contains { line in
            if line.key?.contains("hunter2") == true { return true }
            guard let key = line.key.flatMap(SettingKey.init(rawValue:)), !key.isSecret,
                let value = line.value, value.contains("hunter2")
            else { return false }
            guard key == .smtpURL || key == .oauthTokenURL else { return true }
            // A user's name and a path may be shown.
            return !value.contains(":hunter2@")
                || value.components(separatedBy: "hunter2").count > 2
        }
    }
}
