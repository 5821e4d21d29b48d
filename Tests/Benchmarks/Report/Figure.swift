/// One result, over one round or several.
struct Figure: Encodable {
    enum Verdict: String, Encodable {
        case met
        case missed = "MISSED"
    }

    let name: String
    let unit: String
    /// One for each round; for delays the percentile itself.
    let values: [Double]
    let median: Double
    let target: String?
    /// Whether the median meets the target; nil where there is none.
    let verdict: Verdict?

    init(_ name: String, _ unit: String, _ values: [Double], _ target: Target? = nil) {
        let median = values.percentile(0.5)
        self.name = name
        self.unit = unit
        self.values = values
        self.median = median
        self.target = target?.description
        verdict = target.map { $0.isMet(by: median) ? .met : .missed }
    }

    init(_ name: String, _ unit: String, _ value: Double, _ target: Target? = nil) {
        self.init(name, unit, [value], target)
    }
}
