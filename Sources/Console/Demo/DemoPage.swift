internal import Delivery
internal import Service

/// How the demonstration looks: at most 80 columns, bold and dim on a terminal only.
struct DemoPage {
    private let styled: Style
    private static let width = 80

    init(environment: [String: String]) {
        styled = Terminal.style(environment)
    }

    func heading(_ text: String) throws {
        try Terminal.print("\n" + styled(text, .bold) + "\n\n")
    }

    func paragraph(_ text: String) throws {
        try Terminal.print(Self.wrapped(text, width: Self.width).joined(separator: "\n") + "\n")
    }

    /// One thing that happened: when, who, and what.
    func line(at time: Duration, _ who: String, _ what: String) throws {
        let tenths = max(0, time.inMilliseconds) / 100
        let when = "\(tenths / 10).\(tenths % 10) s".padded(to: 7, left: true)
        let start = who.padded(to: 12)
        let lines = Self.wrapped(what, width: Self.width - 22)
        try Terminal.print("\(styled(when, .dim))  \(styled(start, .bold)) \(lines[0])\n")
        for line in lines.dropFirst() {
            try Terminal.print(String(repeating: " ", count: 22) + line + "\n")
        }
    }

    /// Text of others, with a bar before it.
    func quote(_ lines: [String]) throws {
        for line in lines {
            let clean = Escaping.printable(line, limit: 1_000)
            try Terminal.print(styled("  |", .dim) + (clean.isEmpty ? "" : " " + clean) + "\n")
        }
    }

    /// Columns as wide as their widest cell.
    func table(_ rows: [[String]]) throws {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0
        }
        for (index, row) in rows.enumerated() {
            let cells = zip(row, widths).map { $0.padded(to: $1) }
            var line = "  " + cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            try Terminal.print((index == 0 ? styled(line, .dim) : line) + "\n")
        }
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if last.count + 1 + word.count <= width {
                lines[lines.count - 1] = "\(last) \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
