-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "InstructorWorkingHours" (
    "id" TEXT NOT NULL,
    "orgId" TEXT NOT NULL,
    "instructorId" TEXT NOT NULL,
    "dayOfWeek" INTEGER NOT NULL,
    "effectiveFrom" TIMESTAMP(3),

    CONSTRAINT "InstructorWorkingHours_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ARatherLongNameOfAModelThatHasManyFriends" (
    "id" INTEGER NOT NULL,
    "oneId" INTEGER NOT NULL,

    CONSTRAINT "ARatherLongNameOfAModelThatHasManyFriends_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AnotherLongNameOfAModelThatHasManyFriends" (
    "aVeryLongColumnNameIndeedItIs" INTEGER NOT NULL,

    CONSTRAINT "AnotherLongNameOfAModelThatHasManyFriends_pkey" PRIMARY KEY ("aVeryLongColumnNameIndeedItIs")
);

-- CreateTable
CREATE TABLE "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLongNameOfAM" (
    "A" INTEGER NOT NULL,
    "B" INTEGER NOT NULL,

    CONSTRAINT "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLong_AB_pkey" PRIMARY KEY ("A","B")
);

-- CreateIndex
CREATE INDEX "InstructorWorkingHours_orgId_instructorId_dayOfWeek_effecti_idx" ON "InstructorWorkingHours"("orgId", "instructorId", "dayOfWeek", "effectiveFrom");

-- CreateIndex
CREATE UNIQUE INDEX "InstructorWorkingHours_orgId_instructorId_dayOfWeek_effecti_key" ON "InstructorWorkingHours"("orgId", "instructorId", "dayOfWeek", "effectiveFrom");

-- CreateIndex
CREATE INDEX "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLong_B_index" ON "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLongNameOfAM"("B");

-- AddForeignKey
ALTER TABLE "ARatherLongNameOfAModelThatHasManyFriends" ADD CONSTRAINT "ARatherLongNameOfAModelThatHasManyFriends_oneId_fkey" FOREIGN KEY ("oneId") REFERENCES "AnotherLongNameOfAModelThatHasManyFriends"("aVeryLongColumnNameIndeedItIs") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLongNameOfAM" ADD CONSTRAINT "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLongN_A_fkey" FOREIGN KEY ("A") REFERENCES "ARatherLongNameOfAModelThatHasManyFriends"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLongNameOfAM" ADD CONSTRAINT "_ARatherLongNameOfAModelThatHasManyFriendsToAnotherLongN_B_fkey" FOREIGN KEY ("B") REFERENCES "AnotherLongNameOfAModelThatHasManyFriends"("aVeryLongColumnNameIndeedItIs") ON DELETE CASCADE ON UPDATE CASCADE;
