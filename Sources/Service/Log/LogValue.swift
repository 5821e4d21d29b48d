/// The value of a field in a log line.
package enum LogValue: Hashable, Sendable {
    /// From anywhere: it is escaped and cut.
    case string(String)
    case int(Int64)
    case double(Double)
    /// Written in seconds with three decimals.
    case duration(Duration)
    case list([Int64])
    /// Several texts; one alone is written as a text.
    case words([String])

    package static func int(_ value: some BinaryInteger) -> LogValue {
        .int(Int64(clamping: value))
    }
}

extension LogValue: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(arrayLiteral elements: Int64...) { self = .list(elements) }
}

/// The fields of a log line, in their order: `["rows": .list(ids), "relay": .string(host)]`.
package struct LogFields: Hashable, Sendable, ExpressibleByDictionaryLiteral {
    struct Field: Hashable, Sendable {
        var name: String
        var value: LogValue
    }
    private(set) var fields: [Field] = []

    package init(dictionaryLiteral elements: (String, LogValue)...) {
        fields = elements.map { Field(name: $0.0, value: $0.1) }
    }

    package mutating func append(contentsOf others: LogFields) { fields += others.fields }

    /// Adds a field at the end; nothing where there is no value.
    package mutating func append(_ name: String, _ value: LogValue?) {
        if let value { fields.append(Field(name: name, value: value)) }
    }
}
