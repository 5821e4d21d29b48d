internal import Delivery
internal import Engine

/// Prometheus's text format, version 0.0.4.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct MetricsText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    typealias Label = (name: String, value: String)

    private(set) var octets: [UInt8] = []

    init() { octets.reserveCapacity(24_576) }

    /// The lines that say what a metric is; its samples have to follow.
    mutating func begin(_ family: MetricFamily) {
        add("# HELP ", family.name, " ", family.help)
        add("\n# TYPE ", family.name, " ", family.kind.rawValue, "\n")
    }

    mutating func sample(_ family: MetricFamily, _ value: Int, _ labels: Label...) {
        add(family.name, "", labels, "\(value)")
    }

    mutating func sample(_ family: MetricFamily, _ value: Double, _ labels: Label...) {
        add(family.name, "", labels, Self.number(value))
    }

    /// - Parameter unit: So many of the histogram's whole numbers are one of the metric's unit.
    mutating func histogram(
        _ family: MetricFamily, _ histogram: Histogram, _ labels: Label..., unit: Double
    ) {
        var sum = 0
        for (bound, count) in zip(histogram.bounds, histogram.counts) {
            sum += count
            let le: Label = ("le", Self.number(Double(bound) / unit))
            add(family.name, "_bucket", labels + [le], "\(sum)")
        }
        let total = "\(histogram.count)"
        add(family.name, "_bucket", labels + [("le", "+Inf")], total)
        add(family.name, "_sum", labels, Self.number(Double(histogram.sum) / unit))
        add(family.name, "_count", labels, total)
    }

    /// A sample's line.
    private mutating func add(
        _ name: String, _ suffix: String, _ labels: [Label], _ value: String
    ) {
        add(name, suffix)
        for (index, label) in labels.enumerated() {
            add(index == 0 ? "{" : ",", label.name, "=\"")
            addEscaped(label.value)
            add("\"")
        }
        add(labels.isEmpty ? " " : "} ", value, "\n")
    }

    private mutating func add(_ texts: String...) {
        for text in texts { octets += text.utf8 }
    }

    /// Each value is a word of ours, but for versions: they are escaped all the same.
    private mutating func addEscaped(_ value: String) {
        for octet in value.utf8 {
            switch octet {
            case UInt8(ascii: "\n"): octets += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): octets += [UInt8(ascii: "\\"), octet]
            default: octets.append(octet)
            }
        }
    }

    /// As Go writes it: `300`, not `300.0`.
    private static func number(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
