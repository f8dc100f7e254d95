-- CreateTable
CREATE TABLE "Lesson" (
    "id" INTEGER NOT NULL,
    "schoolId" INTEGER NOT NULL,
    "startAt" TIMESTAMP(3) NOT NULL,
    "note" TEXT,

    CONSTRAINT "Lesson_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Lesson_schoolId_startAt_idx" ON "Lesson"("schoolId", "startAt");

-- AddForeignKey
ALTER TABLE "Lesson" ADD CONSTRAINT "Lesson_schoolId_fkey" FOREIGN KEY ("schoolId") REFERENCES "School"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
