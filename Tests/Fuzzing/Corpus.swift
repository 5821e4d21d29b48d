import Foundation

/// The inputs that are kept for each target: seeds by hand, what found something, and what reaches code that no
/// other does.
///
/// A file for each target, a line for each input. What is no printable ASCII stands there as `\xNN`, a
/// run of zeros as `\0{N}`, a backslash as `\\`; lines that begin with `#` say something about the one below.
enum Corpus {
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Corpus")

    private static func file(of target: any FuzzTarget.Type) -> URL {
        directory.appending(path: "\(target.name).txt")
    }

    static func inputs(of target: any FuzzTarget.Type) throws -> [[UInt8]] {
        try lines(of: target).map { try input($0) }
    }

    private static func lines(of target: any FuzzTarget.Type) throws -> [Substring] {
        try String(contentsOf: file(of: target), encoding: .utf8)
            .split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    // MARK: Lines

    static func line(_ input: [UInt8]) -> String {
        if input.isEmpty { return "\\0{0}" }
        var line = ""
        var rest = input[...]
        while let octet = rest.first {
            let zeros = rest.prefix { $0 == 0 }.count
            if zeros > 3 {
                line += "\\0{\(zeros)}"
                rest = rest.dropFirst(zeros)
            } else {
                line += word(octet, isFirst: line.isEmpty)
                rest = rest.dropFirst()
            }
        }
        return line
    }

    private static func word(_ octet: UInt8, isFirst: Bool) -> String {
        switch octet {
        case UInt8(ascii: "\\"): "\\\\"
        // A line that begins with it is no input.
        case UInt8(ascii: "#") where isFirst: hex(octet)
        case 0x20...0x7E: String(Unicode.Scalar(octet))
        default: hex(octet)
        }
    }

    private static func hex(_ octet: UInt8) -> String {
        "\\x" + (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }

    static func input(_ line: Substring) throws(Broken) -> [UInt8] {
        var input: [UInt8] = []
        var rest = line
        while !rest.isEmpty {
            if let found = rest.prefixMatch(of: #/\\0\{(\d{1,4})\}/#), let count = Int(found.1) {
                input += Array(repeating: 0, count: count)
                rest = rest[found.range.upperBound...]
            } else if let found = rest.prefixMatch(of: #/\\x([0-9a-f]{2})/#),
                let octet = UInt8(found.1, radix: 16)
            {
                input.append(octet)
                rest = rest[found.range.upperBound...]
            } else if rest.hasPrefix("\\\\") {
                input.append(UInt8(ascii: "\\"))
                rest = rest.dropFirst(2)
            } else if let octet = rest.utf8.first, octet != UInt8(ascii: "\\") {
                input.append(octet)
                rest = rest.dropFirst()
            } else {
                throw Broken("no line of a corpus: \(line)")
            }
        }
        return input
    }

    // MARK: As libFuzzer wants it

    static func unpack(_ target: any FuzzTarget.Type, to path: String) throws {
        let directory = URL(filePath: path)
        for (number, input) in try inputs(of: target).enumerated() {
            try Data(input).write(to: directory.appending(path: "kept-\(number)"))
        }
        let words = target.words.map { word in
            "\"" + word.utf8.map { hex($0) }.joined() + "\"\n"
        }
        try Data(words.joined().utf8).write(to: directory.appending(path: "../\(target.name).dict"))
    }

    static func files(in path: String) throws -> [[UInt8]] {
        try FileManager.default.contentsOfDirectory(
            at: URL(filePath: path), includingPropertiesForKeys: nil
        ).map { [UInt8](try Data(contentsOf: $0)) }
    }

    /// Keeps what is written by hand, with its comments, and adds what is new.
    static func pack(_ target: any FuzzTarget.Type, from path: String) throws {
        let known = Set(try lines(of: target))
        let found = try files(in: path).map(line).filter { !known.contains($0[...]) }
        let text = try String(contentsOf: file(of: target), encoding: .utf8)
        let lines = Set(found).sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
        try Data((text + lines.map { $0 + "\n" }.joined()).utf8).write(to: file(of: target))
    }
}
