# Reads documents as services in Ruby do: a line of JSON in, {"text": ...}; a line out, what Psych makes of it.
require "date"
require "json"
require "psych"
require "time"

def told(value)
  case value
  when nil, true, false then value
  when String then value.valid_encoding? && value.encoding != Encoding::BINARY ? ["text", value] : ["other", "bytes"]
  when Integer, Float then ["number", value.to_s]
  when Date, Time then ["date", value.is_a?(Time) ? value.utc.iso8601 : value.iso8601]
  when Array then ["list", value.map { |item| told(item) }]
  when Hash then ["map", value.map { |key, item| [told(key), told(item)] }]
  else ["other", value.class.name]
  end
end

STDIN.each_line do |line|
  # A file is opened without its byte order mark, by Psych.load_file too.
  text = JSON.parse(line)["text"].delete_prefix("\uFEFF")
  answer =
    begin
      { value: told(Psych.safe_load(text, permitted_classes: [Date, Time, Symbol], aliases: true)) }
    rescue StandardError => error
      { error: "#{error.class}: #{error.message}" }
    end
  puts JSON.generate({ "Psych" => answer }, max_nesting: false)
  STDOUT.flush
end
