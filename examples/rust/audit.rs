//! Audits a candidate: `audit PANEL CANDIDATE` prints the verdict and which question it answers.
use std::ffi::{c_char, c_int, c_void, CStr, CString};
use std::ptr;

/// Handles are opaque: they exist behind pointers only.
#[repr(C)]
struct Panel {
    _opaque: [u8; 0],
}
#[repr(C)]
struct Signature {
    _opaque: [u8; 0],
}

#[link(name = "stemma-c")]
extern "C" {
    fn stemma_panel_open(path: *const c_char, panel: *mut *mut Panel) -> c_int;
    fn stemma_panel_free(panel: *mut Panel);
    fn stemma_signature_read(path: *const c_char, signature: *mut *mut Signature) -> c_int;
    fn stemma_signature_free(signature: *mut Signature);
    fn stemma_audit_json(
        panel: *const Panel,
        candidate: *const Signature,
        options: *const c_void,
        json: *mut *mut c_char,
        size: *mut usize,
    ) -> c_int;
    fn stemma_string_free(string: *mut c_char);
    fn stemma_status_name(status: c_int) -> *const c_char;
    fn stemma_last_error() -> *const c_char;
}

/// What a handle needs once nobody holds it any more.
struct Owned<T>(*mut T, unsafe extern "C" fn(*mut T));

impl<T> Drop for Owned<T> {
    fn drop(&mut self) {
        unsafe { (self.1)(self.0) }
    }
}

fn check(status: c_int) -> Result<(), String> {
    if status == 0 {
        return Ok(());
    }
    let (name, message) = unsafe { (CStr::from_ptr(stemma_status_name(status)), CStr::from_ptr(stemma_last_error())) };
    Err(format!("{}: {}", name.to_string_lossy(), message.to_string_lossy()))
}

fn audit(panel_path: &str, candidate_path: &str) -> Result<String, String> {
    let path_of = |text: &str| CString::new(text).map_err(|error| error.to_string());
    let (panel_path, candidate_path) = (path_of(panel_path)?, path_of(candidate_path)?);
    let mut panel = Owned(ptr::null_mut(), stemma_panel_free);
    check(unsafe { stemma_panel_open(panel_path.as_ptr(), &mut panel.0) })?;
    let mut candidate = Owned(ptr::null_mut(), stemma_signature_free);
    check(unsafe { stemma_signature_read(candidate_path.as_ptr(), &mut candidate.0) })?;
    let mut json = Owned(ptr::null_mut(), stemma_string_free);
    check(unsafe { stemma_audit_json(panel.0, candidate.0, ptr::null(), &mut json.0, ptr::null_mut()) })?;
    Ok(unsafe { CStr::from_ptr(json.0) }.to_string_lossy().into_owned())
}

/// The text of a field behind `start`; a program with crates would take a parser of JSON.
fn field<'a>(json: &'a str, start: &str, name: &str) -> Option<&'a str> {
    let object = &json[json.find(start)?..];
    let key = format!("\"{name}\": \"");
    let value = &object[object.find(&key)? + key.len()..];
    Some(&value[..value.find('"')?])
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let result = match arguments.as_slice() {
        [_, panel, candidate] => audit(panel, candidate),
        _ => Err("usage: audit PANEL CANDIDATE".to_string()),
    };
    match result {
        Ok(json) => {
            let headline = |name| field(&json, "\"headline\": {", name).unwrap_or("?");
            let model = field(&json, "\"candidate\": {", "model").unwrap_or("?");
            println!("{model}: {} ({})", headline("verdict"), headline("class"));
        }
        Err(message) => {
            eprintln!("{message}");
            std::process::exit(1);
        }
    }
}
