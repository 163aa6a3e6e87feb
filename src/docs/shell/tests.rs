//! What is read of blocks.

use super::{Answer, Environment, Session, Shown, read};
use rstest::rstest;

fn shown(text: &str, language: &str) -> Vec<String> {
    match read(text, language, 1, &mut Environment::default(), &mut 0) {
        Session::Requests(shown) => shown.iter().map(line).collect(),
        other => vec![format!("{other:?}")],
    }
}

fn line(shown: &Shown) -> String {
    match shown {
        Shown::Command(command) => {
            let request = &command.request;
            let answer = match command.answer {
                Answer::Whole => "",
                Answer::Filtered => " filtered",
                Answer::Elsewhere => " elsewhere",
            };
            let body = if request.body.is_empty() { String::new() } else { format!(" {:?}", request.body) };
            format!("{} {} {}{body}{answer}", command.line, request.method, request.url)
        }
        Shown::Unreadable { line, why } => format!("{line} {why}"),
        Shown::Foreign(foreign) => format!("{} {} {:?}", foreign.line, foreign.title(), foreign.kind),
        Shown::Output { text, line } => format!("{line} -> {text:?}"),
    }
}

#[rstest]
#[case::prompted("$ curl h:1/x\n\n{}\n$ ls\nfile\n", "json", &["1 GET http://h:1/x", "3 -> \"{}\""])]
#[case::script("# Ask\ncurl h:1/x\n# {\"a\": 1}\ncurl h:1/y\n", "sh", &["2 GET http://h:1/x", "3 -> \"# {\\\"a\\\": 1}\"", "4 GET http://h:1/y"])]
#[case::bare("curl h:1/x\nOK\n", "", &["1 GET http://h:1/x", "2 -> \"OK\""])]
#[case::formatter("curl -s h:1/x | python -m json.tool\n", "sh", &["1 GET http://h:1/x"])]
#[case::pretty("curl -s h:1/x | jq -S '.' | less\n", "sh", &["1 GET http://h:1/x"])]
#[case::filter("curl -s h:1/x | jq .a\n", "sh", &["1 GET http://h:1/x filtered"])]
#[case::download("curl -sSL h:1/x.sh | sudo bash\n", "sh", &["1 GET http://h:1/x.sh elsewhere"])]
#[case::saved("curl h:1/x > x\n", "sh", &["1 GET http://h:1/x elsewhere"])]
#[case::lists("cd x && curl h:1/x; curl h:1/y\n", "sh", &["1 GET http://h:1/x", "1 GET http://h:1/y"])]
#[case::variables("HOST=h:1\nexport ID=7\ncurl $HOST/x/$ID/$OTHER\n", "bash", &["3 GET http://h:1/x/7/{OTHER}"])]
#[case::piped("echo '{\"a\":1}' | curl -d @- h:1/x\n", "sh", &["1 POST http://h:1/x \"{\\\"a\\\":1}\""])]
#[case::document("cat <<EOF | curl --data-binary @- h:1/x\na 1\nb 2\nEOF\n", "sh", &["1 POST http://h:1/x \"a 1\\nb 2\\n\""])]
#[case::file("echo \"a\\nb\" > f.txt\ncurl h:1/x --data-urlencode v@f.txt\n", "", &["2 POST http://h:1/x \"v=a%0Ab%0A\""])]
#[case::looped("for i in 1 2; do\n  curl h:1/x/$i\ndone\n", "sh", &["2 GET http://h:1/x/{i}"])]
#[case::unclosed("curl h:1/x -d 'it is\n", "sh", &["1 a quote is never closed"])]
#[case::root("root@host:~# curl h:1/x\nOK\n", "", &["1 GET http://h:1/x", "2 -> \"OK\""])]
#[case::root_alone("# curl h:1/x\n{}\n", "bash", &["1 GET http://h:1/x", "2 -> \"{}\""])]
#[case::commented_out("# curl h:1/x\necho a\n", "bash", &["Other"])]
#[case::home("~ curl -I h:1/x\n\nHTTP/1.1 204 No Content\n", "bash", &["1 HEAD http://h:1/x", "3 -> \"HTTP/1.1 204 No Content\""])]
#[case::arrow("➜  ~ curl h:1/x\n{}\n➜  ~ git:(main) ✗ curl h:1/y\n", "", &["1 GET http://h:1/x", "2 -> \"{}\"", "3 GET http://h:1/y"])]
#[case::angle("❯ curl h:1/x\n1\n❯ ls\na\n", "", &["1 GET http://h:1/x", "2 -> \"1\""])]
#[case::version("bash-4.4$ curl h:1/x\n{}\n", "", &["1 GET http://h:1/x", "2 -> \"{}\""])]
#[case::named("mac:~ me$ curl h:1/x\n{}\n", "", &["1 GET http://h:1/x", "2 -> \"{}\""])]
#[case::doubled(">> curl h:1/x\n{}\n", "", &["1 GET http://h:1/x", "2 -> \"{}\""])]
#[case::no_prompt("see <b> curl h:1/x\nuse \"a\" > curl h:1/x\n", "", &["None"])]
#[case::or("$ curl h:1/x\n\n# or\n\n$ curl h:1/y\n", "console", &["1 GET http://h:1/x", "5 GET http://h:1/y"])]
#[case::remark("$ curl h:1/x\n{}\n\n# Next\n$ curl h:1/y\n", "", &["1 GET http://h:1/x", "2 -> \"{}\"", "5 GET http://h:1/y"])]
#[case::remark_in_a_script("curl h:1/x\n# {}\n# Next\ncurl h:1/y\n", "sh", &["1 GET http://h:1/x", "2 -> \"# {}\"", "4 GET http://h:1/y"])]
#[case::metrics("$ curl h:1/m\n# HELP a b\na 1\n$ curl h:1/n\n", "", &["1 GET http://h:1/m", "2 -> \"# HELP a b\\na 1\"", "4 GET http://h:1/n"])]
#[case::contained("docker exec -it web curl -s h:1/x -d a\n{}\n", "", &["1 POST http://h:1/x \"a\"", "2 -> \"{}\""])]
#[case::in_a_pod("$ kubectl exec pod -- curl h:1/x\n", "sh", &["1 GET http://h:1/x"])]
#[case::container("docker run --name curl -p 1:1 image\n", "sh", &["Other"])]
#[case::substituted("ID=$(curl -s -X POST \"http://h:1/x\" | jq -r .id)\ncurl h:1/x/$ID\n", "sh", &["1 curl http://h:1/x Download", "2 GET http://h:1/x/{ID}"])]
#[case::other("ls -l\n", "sh", &["Other"])]
#[case::httpie("$ http GET h:1/x --auth a:b\n", "bash", &["1 http h:1/x Command"])]
#[case::httpie_of_this_machine("http -v PUT :8080/x a=b/c\n", "", &["1 http :8080/x Command"])]
#[case::shown_by_wget("wget -qO- $HOST/x\n", "sh", &["1 wget {HOST}/x Command"])]
#[case::saved_by_wget("wget http://h/x.tar.gz\n", "sh", &["1 wget http://h/x.tar.gz Download"])]
#[case::no_client("http {\n  server h:1;\n}\n", "", &["None"])]
#[case::program("curl h:1/x\n", "python", &["None"])]
#[case::prose("curl is a tool\n", "", &["None"])]
#[case::help("curl --help\n", "sh", &["None"])]
fn blocks_are_read(#[case] text: &str, #[case] language: &str, #[case] expected: &[&str]) {
    assert_eq!(shown(text, language), expected);
}
