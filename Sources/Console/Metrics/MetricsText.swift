internal import Delivery
internal import Engine

/// Prometheus's text format, version 0.0.4.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    typealias Labels = KeyValuePairs<String, String>

    private(set) var octets: [UInt8] = []

    init() { octets.reserveCapacity(24_576) }

    /// The lines that say what a metric is; its samples have to follow.
    mutating func begin(_ family: MetricFamily) {
        add("# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind.rawValue)\n")
    }

    mutating func sample(_ family: MetricFamily, _ labels: Labels, _ value: Int) {
        sample(family.name, labels, "\(value)")
    }

    mutating func sample(_ family: MetricFamily, _ value: Int) {
        sample(family.name, [:], "\(value)")
    }

    mutating func sample(_ family: MetricFamily, _ labels: Labels, _ value: Double) {
        sample(family.name, labels, Self.number(value))
    }

    mutating func sample(_ family: MetricFamily, _ value: Double) {
        sample(family.name, [:], Self.number(value))
    }

    /// - Parameter unit: So many of the histogram's whole numbers are one of the metric's unit.
    mutating func histogram(
        _ family: MetricFamily, _ labels: [(String, String)] = [], _ histogram: Histogram,
        unit: Double
    ) {
        var sum = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            sum += count
            let le = Self.number(Double(bound) / unit)
            add(family.name + "_bucket" + Self.labels(labels + [("le", le)]) + " \(sum)\n")
        }
        let total = histogram.count
        add(family.name + "_bucket" + Self.labels(labels + [("le", "+Inf")]) + " \(total)\n")
        let labels = Self.labels(labels)
        add(
            family.name + "_sum\(labels) " + Self.number(Double(histogram.sum) / unit) + "\n"
                + family.name + "_count\(labels) \(total)\n")
    }

    private mutating func sample(_ name: String, _ labels: Labels, _ value: String) {
        add(name + Self.labels(labels.map { ($0.key, $0.value) }) + " \(value)\n")
    }

    private mutating func add(_ text: String) { octets += text.utf8 }

    /// Each value is a word of ours, but for versions: they are escaped all the same.
    private static func labels(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        let pairs = labels.map { name, value in
            let escaped = value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
                .replacing("\n", with: "\\n")
            return "\(name)=\"\(escaped)\""
        }
        return "{" + pairs.joined(separator: ",") + "}"
    }

    /// As Go writes it: `300`, not `300.0`.
    private static func number(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

extension Duration {
    var inSeconds: Double { Double(inNanoseconds) / 1e9 }
}
