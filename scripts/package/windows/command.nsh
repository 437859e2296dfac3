; This folder is on every person's PATH since Windows 10: a file there makes "splatformer" a command.
!macro customInstall
  FileOpen $0 "$LOCALAPPDATA\Microsoft\WindowsApps\splatformer.cmd" w
  FileWrite $0 '@"$INSTDIR\resources\bin\splatformer.cmd" %*$\r$\n'
  FileClose $0
!macroend

!macro customUnInstall
  Delete "$LOCALAPPDATA\Microsoft\WindowsApps\splatformer.cmd"
!macroend
